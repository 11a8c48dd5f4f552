import type { IncomingMessage } from "node:http";
import { Problem } from "../problem";
import { etagOf, headersOf, lengthOf, validators, type CacheState, type Encoding, type FlatHeaders, type Form } from "../ready";
import { encodingFor, matches } from "./negotiation";
import { isSame, readRange, type Span } from "./range";

/** How an answer is wanted. */
export interface Wish {
  readonly head: boolean;
  readonly encoding: Encoding;
  readonly immutable: boolean;
  /** If-None-Match, Range and If-Range, as sent. */
  readonly noneMatch: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** The head of an answer, and the bytes of the body that follow it. */
export interface Plan {
  readonly status: 200 | 206 | 304;
  readonly headers: FlatHeaders;
  /** Null: no body follows. */
  readonly span: Span | null;
}

/** Reads the headers of a request that say how the answer is wanted. */
export function wishOf({ method, headers }: IncomingMessage, form: Form, immutable: boolean): Wish {
  return {
    head: method === "HEAD",
    encoding: encodingFor(form, headers["accept-encoding"]),
    immutable,
    noneMatch: headers["if-none-match"],
    range: headers.range,
    // Node has no type of its own for it.
    ifRange: headers["if-range"] as string | undefined,
  };
}

/** Decides what is sent of a body. @throws Problem 416 */
export function planOf(form: Form, { head, encoding, immutable, noneMatch, range, ifRange }: Wish, cache: CacheState): Plan {
  const etag = etagOf(form, encoding);
  if (matches(noneMatch, etag)) return { status: 304, headers: validators(form, encoding, immutable, cache), span: null };
  const length = lengthOf(form, encoding);
  // Range is for GET alone.
  const span = !head && range !== undefined && isSame(ifRange, etag) ? readRange(range, length) : { from: 0, to: length };
  if (span === null) throw unsatisfiable(range as string, length);
  const headers = headersOf(form, encoding, immutable, cache, span);
  return { status: span.to - span.from < length ? 206 : 200, headers, span: head ? null : span };
}

function unsatisfiable(range: string, length: number): Problem {
  return new Problem({
    status: 416,
    kind: "range-not-satisfiable",
    title: "There is nothing in this range",
    detail: `The body has ${length} bytes. A client that has all of them is done.`,
    value: range,
    allowed: `a first byte from 0 to ${length - 1}`,
    example: "bytes=0-",
    headers: { "Content-Range": `bytes */${length}`, "Accept-Ranges": "bytes" },
  });
}
