/** What goes wrong on the way to a picture, in words a person can act on. */
import type { Trouble } from "../model/state";

/** RFC 9457 problem details, as far as the page uses them. */
export interface Problem {
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  readonly retryAfter?: number;
}

/** An answer of the server that is no picture. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `status ${String(problem.status)}`);
  }
}

/** Reads what is known of a refusal; a proxy's HTML counts as no detail. */
export async function refusal(response: Response): Promise<Refused> {
  const retryAfter = Number(response.headers.get("retry-after"));
  const known = { status: response.status, ...(retryAfter > 0 ? { retryAfter } : {}) };
  if (!/json/.test(response.headers.get("content-type") ?? "")) return new Refused(known);
  const body = (await response.json().catch(() => ({}))) as { title?: unknown; detail?: unknown };
  return new Refused({
    ...known,
    ...(typeof body.title === "string" ? { title: body.title } : {}),
    ...(typeof body.detail === "string" ? { detail: body.detail } : {}),
  });
}

/** The trouble that a refusal is. `retryIn`: seconds after which trying again makes sense. */
export function troubleOf({ status, title, detail, retryAfter }: Problem, retryIn: number): Trouble {
  if (status === 507) {
    return { title: "Too large for this cache", detail: sentence(detail ?? "The result does not fit.") + " Ask for fewer steps.", retryIn: null };
  }
  if (status === 202) {
    return { title: "It is computed once more", detail: "The cache had to let it go between the answer and its picture.", retryIn };
  }
  if (status >= 400 && status < 500) {
    return { title: title ?? "The server refused this", detail: detail ?? "Check the number of steps and the seed.", retryIn: null };
  }
  return {
    title: title ?? (status === 503 ? "Not to be had right now" : "The server has a problem"),
    detail: sentence(detail ?? "It did not say why."),
    retryIn: Math.max(retryIn, retryAfter ?? 0),
  };
}

/** An answer that this page cannot read: it is older, or newer, than the server. */
export const outdated = (reason: string): Trouble => ({
  title: "This page and the server do not fit together",
  detail: `${sentence(reason)} Load the page again.`,
  retryIn: null,
});

/** `failed` of the stream. */
export function troubleOfFailure(failed: { readonly reason: string; readonly retryable: boolean }, retryIn: number): Trouble {
  if (!failed.retryable) return { title: "This cannot be computed here", detail: sentence(failed.reason), retryIn: null };
  return { title: retryIn === 0 ? "Waiting for the pool" : "The pool cannot do it right now", detail: sentence(failed.reason), retryIn };
}

export function lost(online: boolean, retryIn: number): Trouble {
  return {
    title: online ? "Connection lost, reconnecting" : "This device is offline",
    detail: online ? "The computation goes on meanwhile; what you see is how far it was." : "The page goes on when the network is back.",
    retryIn,
  };
}

/** What a machine says, as a sentence. */
function sentence(text: string): string {
  const trimmed = text.trim().replace(/^\p{Ll}/u, (first) => first.toUpperCase());
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
