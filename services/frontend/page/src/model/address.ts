/**
 * The address is the share link: path and query name the run, as the server knows it; the fragment holds how a person
 * looks at it, which the server never sees.
 */
import { readQuery } from "../../../src/query/read";
import { type Asked, check, isEnsemble, type Limits, type Question, quote } from "./input";
import { isWindow } from "./viewport";

export type Frame = "planet" | "inertial";
export type Span = "trusted" | "all";

/** What is visible: the centre in the frame's coordinates and the width of the picture, in the model's length unit. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface View {
  readonly frame: Frame;
  readonly span: Span;
  /** The step under the cursor; null at the end of the span. */
  readonly step: number | null;
  /** Null: fitted to the span. */
  readonly window: Window | null;
}

export const FIRST_VIEW: View = { frame: "planet", span: "trusted", step: null, window: null };

export type Place =
  | { readonly kind: "start" }
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "bad"; readonly asked: Asked; readonly about: keyof Asked; readonly message: string };

/** Reads what a path and a query ask for. */
export function readPlace(pathname: string, search: string, limits: Limits): Place {
  const match = /^\/(?:propagation\/([^/]*)|ensemble\/([^/]*)\/([^/]+))\/?$/.exec(pathname);
  if (!match) return { kind: "start" };
  const [, alone, steps = alone ?? "", runs] = match;
  const query = new URLSearchParams(search);
  const asked: Asked = { steps: decode(steps), runs: decode(runs ?? ""), seed: query.get("seed") ?? "" };
  const answered = check(asked, limits);
  if (!answered.ok) return { kind: "bad", asked, about: answered.about, message: answered.message };
  const message = objection(search);
  if (message !== null) return { kind: "bad", asked, about: "seed", message };
  return { kind: "question", question: answered.question };
}

/** The path of a question and of what belongs to it: `/propagation/500?seed=7`, `/ensemble/500/1000/data.json`. */
export function pathOf(question: Question, resource = "", query: Readonly<Record<string, string | number>> = {}): string {
  const { steps, seed } = question;
  const path = isEnsemble(question) ? `/ensemble/${String(steps)}/${String(question.runs)}` : `/propagation/${String(steps)}`;
  const parameters = new URLSearchParams();
  if (seed !== 0) parameters.set("seed", String(seed));
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  const text = parameters.toString();
  return path + (resource && `/${resource}`) + (text && `?${text}`);
}

/** Reads a fragment; what it does not understand, it leaves at the first view. */
export function readView(hash: string): View {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const step = parameters.get("step") ?? "";
  const numbers = (parameters.get("at") ?? "").split(",").map(Number);
  const [x = NaN, y = NaN, width = NaN] = numbers;
  const window: Window = { x, y, width };
  return {
    frame: parameters.get("frame") === "inertial" ? "inertial" : "planet",
    span: parameters.get("span") === "all" ? "all" : "trusted",
    step: /^\d{1,7}$/.test(step) ? Number(step) : null,
    window: numbers.length === 3 && isWindow(window) ? window : null,
  };
}

/** The fragment of a view, with its `#`; empty for the first view. */
export function writeView({ frame, span, step, window }: View): string {
  const parts: string[] = [];
  if (frame !== FIRST_VIEW.frame) parts.push(`frame=${frame}`);
  if (span !== FIRST_VIEW.span) parts.push(`span=${span}`);
  if (step !== null) parts.push(`step=${String(step)}`);
  if (window) parts.push(`at=${[window.x, window.y, window.width].map(short).join(",")}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

/** What is wrong with a query, in words; null: nothing. The server decides by the same rules. */
function objection(search: string): string | null {
  const { fault } = readQuery(search.replace(/^\?/, ""), ["seed"], { ignore: "all" });
  if (fault === null) return null;
  if (fault.what === "repeated") return "The address names more than one seed. Type the one you mean.";
  return `The address says “${quote(decode(fault.name))}”, which is not one of its names. Did you mean a seed, for example ?seed=7?`;
}

const short = (value: number): string => String(Number(value.toPrecision(5)));

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
