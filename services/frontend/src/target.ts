import { ENGINE } from "./contract";
import { KINDS } from "./kinds";
import type { Computation, Detail, Kind, Limits, Query } from "./kinds/kind";
import { badInput, notFound, Problem } from "./problem";
import type { Product } from "./products";
import { readQuery, type Fault } from "./query/read";

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
  /** What the query may name. */
  readonly names: readonly string[];
}

const VERSION = /^(0|[1-9][0-9]{0,8})$/;

/** A number longer than this is no misprint. */
const MAX_SEGMENT = 100;

const PAGE_NAMES: readonly string[] = ["seed"];
const DATA_NAMES: readonly string[] = ["seed", "v"];

const SHAPES = KINDS.map((kind) => ({
  kind,
  prefix: `/${kind.name}/`,
  /** The views, and what the query of each may name. */
  views: new Map<string, readonly string[]>([
    ...[...kind.products, "events"].map((view) => [view, DATA_NAMES] as const),
    ["overview", [...DATA_NAMES, ...kind.overviewQuery]],
  ]),
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

/** Null: no route has this shape. On the way of every hit, so without arrays that a split would make. */
export function locate(url: string): Place | null {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? "" : url.slice(question + 1);
  for (const { kind, prefix, views } of SHAPES) {
    if (!path.startsWith(prefix)) continue;
    const count = kind.parameters.length;
    const parameters: string[] = [];
    let begin = prefix.length;
    for (let slash = path.indexOf("/", begin); slash >= 0 && parameters.length < count; slash = path.indexOf("/", begin)) {
      parameters.push(path.slice(begin, slash));
      begin = slash + 1;
    }
    const rest = path.slice(begin);
    if (parameters.length === count) {
      const names = views.get(rest);
      return names === undefined ? null : { kind, parameters, view: rest as View, query, names };
    }
    return parameters.push(rest) === count ? { kind, parameters, view: "page", query, names: PAGE_NAMES } : null;
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
  if (place === null) throw notFound(SHAPES.find(({ prefix }) => url.startsWith(prefix))?.kind.example);
  const { kind, parameters, view } = place;
  for (const text of parameters) if (text.length > MAX_SEGMENT) throw uriTooLong();
  const query = checkedQuery(place);
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

/** An example for each name that a query may have. */
const EXAMPLES: Readonly<Record<string, string>> = { seed: "?seed=7", v: `?v=${ENGINE}`, from: "?from=0", to: "?to=200" };

function checkedQuery({ query, names, view }: Place): Query {
  const { values, fault } = readQuery(query, names, { ignore: view === "page" ? "all" : "known" });
  if (fault !== null) throw faultyQuery(fault, names);
  return values;
}

function faultyQuery(fault: Fault, names: readonly string[]): Problem {
  if (fault.what === "repeated") return badInput(fault.name, fault.pair, "given once", "?seed=7");
  const { name, nearest } = fault;
  const allowed = `made of ${names.join(", ")}, each at most once`;
  const example = EXAMPLES[nearest ?? "seed"] as string;
  return badInput("query", name, allowed, example, nearest === undefined ? "" : ` Did you mean ${nearest}?`);
}

function readVersion(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!VERSION.test(text)) throw badInput("v", text, "the number of an engine, in plain digits", EXAMPLES["v"] as string);
  return Number(text);
}
