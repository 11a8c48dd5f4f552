import { windowsOf } from "./overview/levels";
import { badInput, notFound, Problem } from "./problem";
import { PRODUCTS, type Product } from "./products";
import { parseRun, type Run } from "./run";

/** A range of completed steps, half-open. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** What a URL under /propagation/ asks for. */
export interface Target {
  readonly run: Run;
  readonly view: Product | "events" | "page";
  /** The engine that the URL names, if it names one. */
  readonly version: number | null;
  /** Detail of the overview, widened to whole windows; null: all of the run. */
  readonly range: StepRange | null;
}

export const VERSION_PATTERN = "^(0|[1-9][0-9]{0,8})$";
export const BOUND_PATTERN = "^(0|[1-9][0-9]{0,6})$";

const VERSION = new RegExp(VERSION_PATTERN);
const BOUND = new RegExp(BOUND_PATTERN);
const PREFIX = "/propagation/";

/** A step count longer than this is no misprint. */
const MAX_SEGMENT = 100;

const VIEWS: ReadonlySet<string> = new Set([...PRODUCTS, "events"]);
const NAMES: Readonly<Record<string, readonly string[]>> = {
  page: ["seed"],
  overview: ["seed", "v", "from", "to"],
};
const DATA_NAMES: readonly string[] = ["seed", "v"];

/** The names a view's query may have. */
export function queryNames(view: Target["view"]): readonly string[] {
  return NAMES[view] ?? DATA_NAMES;
}

/**
 * Reads a URL as it came over the wire. One strict reader for every route: a JSON Schema would let `1e309`, `5%0A` and
 * repeated names through, and a decoded parameter hides what was sent.
 *
 * @throws Problem 400, 404 or 414
 */
export function parseTarget(url: string, maxSteps: number): Target {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  if (!path.startsWith(PREFIX)) throw notFound();
  const slash = path.indexOf("/", PREFIX.length);
  const steps = slash < 0 ? path.slice(PREFIX.length) : path.slice(PREFIX.length, slash);
  const view = slash < 0 ? "page" : path.slice(slash + 1);
  if (slash >= 0 && !VIEWS.has(view)) throw notFound();
  if (steps.length > MAX_SEGMENT) throw uriTooLong();
  const query = readQuery(question < 0 ? "" : url.slice(question + 1), queryNames(view as Target["view"]));
  const run = parseRun(steps, query["seed"], maxSteps);
  return {
    run,
    view: view as Target["view"],
    version: readVersion(query["v"]),
    range: readRange(query["from"], query["to"], run),
  };
}

export function uriTooLong(): Problem {
  return new Problem({
    status: 414,
    kind: "uri-too-long",
    title: "The address is too long",
    detail: "No address here needs as many characters.",
    example: "/propagation/500",
  });
}

function readQuery(text: string, names: readonly string[]): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  if (text === "") return query;
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (!names.includes(name)) throw badInput("query", name, `made of ${names.join(", ")}, each at most once`, "?seed=7");
    if (name in query) throw badInput(name, pair, "given once", "?seed=7");
    query[name] = equals < 0 ? "" : pair.slice(equals + 1);
  }
  return query;
}

function readVersion(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!VERSION.test(text)) throw badInput("v", text, "the number of an engine, in plain digits", "?v=1");
  return Number(text);
}

function readRange(from: string | undefined, to: string | undefined, run: Run): StepRange | null {
  if (from === undefined && to === undefined) return null;
  const first = from === undefined ? 0 : bound("from", from, run);
  const last = to === undefined ? run.steps : bound("to", to, run);
  if (first >= last) {
    throw badInput("to", to ?? from ?? "", `greater than from (${first})`, `?from=0&to=${run.steps}`);
  }
  const { from: begin, to: end } = windowsOf({ from: first, to: last }, run.steps);
  return begin === 0 && end === run.steps ? null : { from: begin, to: end };
}

function bound(name: string, text: string, run: Run): number {
  const value = BOUND.test(text) ? Number(text) : -1;
  if (value < 0 || value > run.steps) {
    throw badInput(name, text, `a whole number from 0 to ${run.steps}`, `?from=0&to=${run.steps}`);
  }
  return value;
}
