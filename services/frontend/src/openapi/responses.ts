import type { Kind } from "../kinds/kind";
import { PRODUCT, type Product } from "../products";
import type { BodyDescription } from "./description";
import { ACCEPTED, BINARY, PROBLEM, TEXT } from "./schemas";

/** Problems by status: when, and an example. */
const PROBLEMS: Readonly<Record<number, { description: string; example: Record<string, unknown> }>> = {
  400: {
    description: "A parameter is not what it may be",
    example: {
      type: "urn:porta:problem:bad-input",
      title: "steps is not valid",
      status: 400,
      detail: "steps has to be a whole number from 1 to 1000000, in plain digits.",
      value: "1e3",
      allowed: "a whole number from 1 to 1000000, in plain digits",
      example: "/propagation/500",
    },
  },
  404: {
    description: "To HEAD: not computed yet. HEAD starts nothing",
    example: { type: "urn:porta:problem:not-computed", title: "Not computed yet", status: 404, detail: "GET has it computed." },
  },
  405: {
    description: "Any method but GET and HEAD",
    example: {
      type: "urn:porta:problem:method-not-allowed",
      title: "The method is not allowed",
      status: 405,
      detail: "Everything here is read: ask with GET or HEAD.",
      allowed: "GET, HEAD",
    },
  },
  416: {
    description: "Range has no byte of the body; Content-Range tells its length",
    example: {
      type: "urn:porta:problem:range-not-satisfiable",
      title: "There is nothing in this range",
      status: 416,
      detail: "The body has 2000 bytes. A client that has all of them is done.",
      value: "bytes=2000-",
      allowed: "a first byte from 0 to 1999",
      example: "bytes=0-",
    },
  },
  500: {
    description: "A defect",
    example: { type: "urn:porta:problem:internal", title: "Something went wrong here", status: 500, detail: "The cause is in the log." },
  },
  503: {
    description: "Cache or pool are away or take no more for now: ask again after Retry-After",
    example: {
      type: "urn:porta:problem:pool-away",
      title: "The pool cannot be reached",
      status: 503,
      detail: "Dispatch does not answer at http://localhost:8788 (ECONNREFUSED).",
    },
  },
  507: {
    description: "The result does not fit the cache",
    example: { type: "urn:porta:problem:does-not-fit", title: "The result does not fit the cache", status: 507, detail: "…" },
  },
};

type Responses = Record<number, object>;

export function problemResponses(...statuses: number[]): Responses {
  const response = (status: number): object => {
    const { description, example } = PROBLEMS[status] as (typeof PROBLEMS)[number];
    const headers = status === 503 ? { "Retry-After": { type: "integer", description: "Seconds" } } : undefined;
    return {
      description,
      ...(headers ? { headers } : {}),
      content: { "application/problem+json": { schema: { ...PROBLEM, examples: [example] } } },
    };
  };
  return Object.fromEntries(statuses.map((status) => [status, response(status)]));
}

const VALIDATORS = {
  ETag: { ...TEXT, description: "Strong; of the bytes in this encoding" },
  "Cache-Control": { ...TEXT, description: "Immutable where `v` names the current engine" },
  "X-Cache": { type: "string", enum: ["hit", "miss", "wait"], description: "There; started by this request; joined" },
};

export function dataResponses({ description: { products, accepted } }: Kind, product: Product): Responses {
  const { contentType, disposition } = PRODUCT[product];
  const { description, schema } = products[product] as BodyDescription;
  const type = contentType.split(";")[0] as string;
  const headers = {
    ...VALIDATORS,
    "Accept-Ranges": { ...TEXT, description: "bytes" },
    "Content-Disposition": { ...TEXT, description: `${disposition}; filename` },
    "Content-Encoding": { ...TEXT, description: "gzip, where it is accepted" },
  };
  return {
    200: { description, headers, content: { [type]: { schema } } },
    202: {
      description: "Not ready after 25 s: ask again, or follow the events",
      headers: {
        "Retry-After": { type: "integer", description: "Seconds" },
        Link: { ...TEXT, description: 'The events, rel="monitor"' },
      },
      content: { "application/json": { schema: { ...ACCEPTED, examples: [accepted] } } },
    },
    206: {
      description: "The bytes that Range names, of the body in this encoding",
      headers: { ...headers, "Content-Range": { ...TEXT, description: "First and last byte, and the length of the whole" } },
      content: { [type]: { schema: { ...BINARY, examples: ["…"] } } },
    },
    304: { type: "null", description: "What If-None-Match names is still what there is", headers: VALIDATORS },
    ...problemResponses(400, 404, 405, 416, 500, 503, 507),
  };
}

export function eventsResponses({ description: { progress, events } }: Kind): Responses {
  return {
    200: {
      description:
        `Server-sent events: \`progress\` ${progress}; \`waiting\` {reason} while the pool is lost and asked again; then \`ready\` ` +
        "with the summary or `failed` {reason, retryable}, which ends the stream. A comment every 15 s.",
      content: { "text/event-stream": { schema: { ...TEXT, examples: [events] } } },
    },
    ...problemResponses(400, 405),
  };
}

export const PAGE_RESPONSES: Responses = {
  200: { description: "The page", content: { "text/html": { schema: { ...TEXT, examples: ["<!doctype html>…"] } } } },
  304: { type: "null", description: "Unchanged" },
  ...problemResponses(400, 405),
};

export function jsonResponse(description: string, example: Record<string, unknown>): object {
  return { description, content: { "application/json": { schema: { type: "object", examples: [example] } } } };
}
