import type { IncomingMessage } from "node:http";
import { PRODUCT } from "../products";
import { CROSS_ORIGIN } from "../ready";
import { locate } from "../target";

/** A day. Chromium keeps the answer for two hours at most. */
const MAX_AGE_S = 86_400;

/** Header names as the Fetch standard sends them: lower-case tokens with commas. Our limit is Node's for all headers. */
const HEADER_NAMES = /^[ \ta-z0-9!#$%&'*+.^_`|~,-]*$/i;

/** A browser's question whether a page of another origin may send a request with this method and these headers. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

/** Whether pages of other origins may read what is at this address, and why it cannot be had. */
export function isSharedAddress(url: string): boolean {
  const view = locate(url)?.view;
  return view !== undefined && view !== "page" && view !== "events" && PRODUCT[view].shared;
}

/**
 * The answer to a preflight. It allows the headers that are asked for by name: `*` would not cover Authorization, which
 * libraries add although no route here reads it.
 */
export function preflightHeaders({ headers }: IncomingMessage): Record<string, string> {
  const asked = headers["access-control-request-headers"] ?? "";
  return {
    "Access-Control-Allow-Origin": CROSS_ORIGIN["Access-Control-Allow-Origin"],
    "Access-Control-Allow-Methods": "GET, HEAD",
    ...(asked !== "" && HEADER_NAMES.test(asked) ? { "Access-Control-Allow-Headers": asked } : {}),
    "Access-Control-Max-Age": String(MAX_AGE_S),
    // A shared cache that keeps answers to OPTIONS must not mix those for different headers.
    Vary: "Access-Control-Request-Headers",
    "Cache-Control": "no-store",
  };
}
