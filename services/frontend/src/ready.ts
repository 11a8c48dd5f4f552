import { ENGINE } from "./contract";
import type { Computation, Detail } from "./kinds/kind";
import { fileName, PRODUCT, type Product } from "./products";
import type { Span } from "./sending/range";

export type CacheState = "hit" | "miss" | "wait";
export type Encoding = "gzip" | "identity";

/** Headers as `ServerResponse.writeHead` takes them without copying: name, value, name, value, … */
export type FlatHeaders = string[];

/** What is known of an answer apart from its bytes. */
export interface Form {
  readonly product: Product;
  readonly computation: Computation;
  /** Null: of all of it. */
  readonly detail: Detail | null;
  /** Digest of the stored bytes, the stem of the entity tags. */
  readonly tag: string;
  /** Length as stored and unpacked, in bytes. */
  readonly bytes: number;
  readonly raw: number;
}

/** An answer that only has to be written to a socket. */
export interface Ready extends Form {
  readonly body: Buffer;
  readonly encoding: Encoding;
  readonly etag: string;
  /** Headers of a hit in the stored encoding: revalidated, and immutable. */
  readonly hit: readonly [FlatHeaders, FlatHeaders];
}

/** A year: as long as a cache may keep what never changes. */
const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

/** The URL names the engine that made the bytes: they can never be others. A wrong or missing name has to ask again. */
export function isImmutable(version: number | null): boolean {
  return version === ENGINE;
}

export function storedEncoding(product: Product): Encoding {
  return PRODUCT[product].gzip ? "gzip" : "identity";
}

export function etagOf(form: Form, encoding: Encoding): string {
  return encoding === storedEncoding(form.product) ? `"${form.tag}"` : `"${form.tag}-${encoding}"`;
}

/** What 200 and 304 have in common. */
export function validators(form: Form, encoding: Encoding, immutable: boolean, cache: CacheState): FlatHeaders {
  const { gzip, shared } = PRODUCT[form.product];
  return [
    "ETag", etagOf(form, encoding),
    "Cache-Control", immutable ? IMMUTABLE : REVALIDATE,
    ...(gzip ? ["Vary", "Accept-Encoding"] : []),
    ...(shared ? SHARED : OWN),
    "X-Cache", cache,
  ];
}

/** Length of the whole body in an encoding, in bytes. */
export function lengthOf({ bytes, raw, product }: Form, encoding: Encoding): number {
  return encoding === storedEncoding(product) ? bytes : raw;
}

/** What 200 and 206 have in common, and what tells them apart. `span`: the bytes that are sent. */
export function headersOf(form: Form, encoding: Encoding, immutable: boolean, cache: CacheState, span?: Span): FlatHeaders {
  const { contentType, disposition, gzip } = PRODUCT[form.product];
  const name = fileName(form.computation, form.product, form.detail);
  const length = lengthOf(form, encoding);
  const { from, to } = span ?? { from: 0, to: length };
  return [
    "Content-Type", contentType,
    "Content-Length", String(to - from),
    ...(to - from < length ? ["Content-Range", `bytes ${from}-${to - 1}/${length}`] : []),
    ...(gzip && encoding === "gzip" ? ["Content-Encoding", "gzip"] : []),
    "Content-Disposition", `${disposition}; filename="${name}"`,
    "Accept-Ranges", "bytes",
    "X-Content-Type-Options", "nosniff",
    ...validators(form, encoding, immutable, cache),
  ];
}

/** CORS headers for shared products, on every status. */
export const CROSS_ORIGIN = {
  "Access-Control-Allow-Origin": "*",
  // Pages may read these beside the few that CORS always exposes (Content-Length, Content-Type, Cache-Control, …).
  "Access-Control-Expose-Headers":
    "Accept-Ranges, Content-Disposition, Content-Encoding, Content-Range, ETag, Link, Retry-After, X-Cache",
};

const OWN: FlatHeaders = ["Cross-Origin-Resource-Policy", "same-origin"];
const SHARED: FlatHeaders = [...Object.entries(CROSS_ORIGIN).flat(), "Cross-Origin-Resource-Policy", "cross-origin"];

export function makeReady(form: Form, bytes: Buffer): Ready {
  const encoding = storedEncoding(form.product);
  return {
    ...form,
    body: detached(bytes),
    encoding,
    etag: etagOf(form, encoding),
    hit: [headersOf(form, encoding, false, "hit"), headersOf(form, encoding, true, "hit")],
  };
}

/** What is held must not keep alive what it is a small part of: all that came over a socket at once, or zlib's whole buffer. */
export function detached(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
