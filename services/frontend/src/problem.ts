import { STATUS_CODES } from "node:http";

/** How much of what a client sent an answer may quote. */
const QUOTED_CHARACTERS = 32;

export interface ProblemFields {
  readonly status: number;
  /** The last part of the problem's `type`: one word for one kind of problem. */
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  /** What was sent; at most 32 characters of it are quoted. */
  readonly value?: string;
  readonly allowed?: string;
  readonly example?: string;
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is not what was asked for, as RFC 9457 problem details. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly example: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The serialised problem details. */
  readonly body: string;

  constructor(fields: ProblemFields) {
    super(fields.detail);
    this.name = "Problem";
    this.status = fields.status;
    this.kind = fields.kind;
    this.title = fields.title;
    this.detail = fields.detail;
    this.example = fields.example;
    this.headers = {
      ...fields.headers,
      ...(fields.retryAfter === undefined ? {} : { "Retry-After": String(fields.retryAfter) }),
    };
    this.body = JSON.stringify({
      type: `urn:porta:problem:${fields.kind}`,
      title: fields.title,
      status: fields.status,
      detail: fields.detail,
      ...(fields.value === undefined ? {} : { value: fields.value.slice(0, QUOTED_CHARACTERS) }),
      ...(fields.allowed === undefined ? {} : { allowed: fields.allowed }),
      ...(fields.example === undefined ? {} : { example: fields.example }),
    });
  }
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/**
 * A parameter that is not what it may be.
 *
 * @param hint another sentence for the detail, with a space before it
 */
export function badInput(name: string, value: string, allowed: string, example: string, hint = ""): Problem {
  return new Problem({
    status: 400,
    kind: "bad-input",
    title: `${name} is not valid`,
    detail: `${name} has to be ${allowed}.${hint}`,
    value,
    allowed,
    example,
  });
}

/** Cache or pool cannot be reached: worth another try. */
export function away(what: "cache" | "pool", detail: string, retryAfter = 2): Problem {
  return new Problem({
    status: 503,
    kind: `${what}${AWAY}`,
    title: what === "cache" ? "The cache cannot be reached" : "The pool cannot be reached",
    detail,
    retryAfter,
  });
}

const AWAY = "-away";

/** Somebody is there, and does not take this now: worth another try. */
export function declined(who: "The pool" | "This frontend", detail: string, retryAfter = 5): Problem {
  return new Problem({ status: 503, kind: DECLINED, title: `${who} takes no more for now`, detail, retryAfter });
}

const DECLINED = "declined";

/** The pool takes less than this frontend: their limits or their versions differ, and asking again does not change that. */
export function refusedByPool(status: number, detail: string): Problem {
  return new Problem({ status, kind: "refused", title: "The pool does not take this", detail });
}

/** Who waits already goes on waiting. */
export function isAway(error: unknown): error is Problem {
  return error instanceof Problem && (error.kind.endsWith(AWAY) || error.kind === DECLINED);
}

/** @param example an address that there is */
export function notFound(example = "/propagation/500"): Problem {
  return new Problem({
    status: 404,
    kind: "not-found",
    title: "There is nothing here",
    detail: "No route has this address. /docs lists all of them.",
    example,
  });
}

export function methodNotAllowed(): Problem {
  return new Problem({
    status: 405,
    kind: "method-not-allowed",
    title: "The method is not allowed",
    detail: "Everything here is read: ask with GET or HEAD.",
    allowed: "GET, HEAD",
    headers: { Allow: "GET, HEAD" },
  });
}

/** To the preflight of a page of another origin. */
export function notShared(): Problem {
  return new Problem({
    status: 403,
    kind: "not-shared",
    title: "Pages of other origins may not read this",
    detail: "Pages of other origins may read data.json, data.js and data.arrow.",
    allowed: "data.json, data.js, data.arrow",
    example: "/propagation/500/data.json",
  });
}

/** Something that the HTTP layer refuses, in its own words. */
export function refused(status: number, detail: string): Problem {
  return new Problem({ status, kind: "bad-request", title: STATUS_CODES[status] ?? "Bad Request", detail });
}

/** A defect of ours: the log has the cause, the client does not. */
export function internal(cause?: unknown): Problem {
  const problem = new Problem({
    status: 500,
    kind: "internal",
    title: "Something went wrong here",
    detail: "The cause is in the log of the frontend. Asking again may help.",
  });
  problem.cause = cause;
  return problem;
}
