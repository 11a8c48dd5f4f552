import { KINDS } from "./kinds";
import type { Computation, Detail, Kind, Limits, Query } from "./kinds/kind";
import { badInput, notFound, Problem } from "./problem";
import type { Product } from "./products";

/** What is wanted of a computation. */
export type View = Product | "events" | "page";

/** What a URL asks for. */
export interface Target {
  readonly computation: Computation;
  readonly view: View;
  /** The engine that the URL names, if it names one. */
  readonly version: number | null;
  /** Detail of the overview; null: all of it. */
  readonly detail: Detail | null;
}

/** A URL taken apart, with nothing checked but its shape. */
export interface Place {
  readonly kind: Kind;
  readonly parameters: readonly string[];
  readonly view: View;
  readonly query: string;
}

const VERSION = /^(0|[1-9][0-9]{0,8})$/;

/** A number longer than this is no misprint. */
const MAX_SEGMENT = 100;

const SHAPES = KINDS.map((kind) => ({
  kind,
  prefix: `/${kind.name}/`,
  views: new Set<string>([...kind.products, "events"]),
}));

/** Is this an address of a computation, well-formed or not? */
export function isComputation(url: string): boolean {
  for (const { prefix } of SHAPES) if (url.startsWith(prefix)) return true;
  return false;
}

/** The route of a view, as Fastify spells it; without one, of the page. */
export function routeOf({ name, parameters }: Kind, view?: Product | "events"): string {
  return ["", name, ...parameters.map((parameter) => `:${parameter}`), ...(view === undefined ? [] : [view])].join("/");
}

/** Null: no route has this shape. */
export function locate(url: string): Place | null {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  for (const { kind, prefix, views } of SHAPES) {
    if (!path.startsWith(prefix)) continue;
    const parameters = path.slice(prefix.length).split("/");
    const count = kind.parameters.length;
    const view = parameters.length > count ? parameters.pop() : "page";
    if (parameters.length !== count || (view !== "page" && !views.has(view as string))) return null;
    return { kind, parameters, view: view as View, query: question < 0 ? "" : url.slice(question + 1) };
  }
  return null;
}

/**
 * Reads a URL as it came over the wire. One strict reader for every route: a JSON Schema would let `1e309`, `5%0A` and
 * repeated names through, and a decoded parameter hides what was sent.
 *
 * @throws Problem 400, 404 or 414
 */
export function parseTarget(url: string, limits: Limits): Target {
  const place = locate(url);
  if (place === null) throw notFound();
  const { kind, parameters, view } = place;
  for (const text of parameters) if (text.length > MAX_SEGMENT) throw uriTooLong();
  const query = readQuery(place.query, queryNames(kind, view));
  const { computation, detail } = kind.parse(parameters, query, limits);
  return { computation, view, version: readVersion(query["v"]), detail };
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

const PAGE_NAMES: readonly string[] = ["seed"];
const DATA_NAMES: readonly string[] = ["seed", "v"];

function queryNames(kind: Kind, view: View): readonly string[] {
  if (view === "page") return PAGE_NAMES;
  return view === "overview" ? [...DATA_NAMES, ...kind.overviewQuery] : DATA_NAMES;
}

function readQuery(text: string, names: readonly string[]): Query {
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
