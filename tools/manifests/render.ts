import { RenderError, below, type Place } from "./errors";
import { isObject } from "./json";
import { Sealed } from "./secret";
import { setOrder } from "./set-order";
import {
  camelCase,
  type Block,
  type BlocksField,
  type Field,
  type ListField,
  type MapField,
  type ValueField,
} from "./tables/field";

/** What a person should be told about a rendering that is right but not whole. */
export type Note = (place: Place, text: string) => void;

/** An annotation whose value depends on a secret that was not given. */
export const UNKNOWN_ANNOTATION = "unknown: rendered without secrets";

/**
 * Turns an evaluated block of the provider into the fields of a Kubernetes object that the provider makes of
 * it. A member that the table does not know is an error, and so is a value of another type than the table's.
 */
export function renderBlock(block: Block, given: unknown, place: Place, note: Note): Record<string, unknown> {
  if (!isObject(given)) throw new RenderError(place, `a block is wanted, not ${describe(given)}`);
  const unknown = Object.keys(given).find((member) => given[member] != null && !Object.hasOwn(block.fields, member));
  if (unknown !== undefined)
    throw new RenderError(
      below(place, unknown),
      "this attribute is not known here",
      "Check its spelling, or add it to tools/manifests/tables.",
    );
  if (isNil(block, given)) return {};
  const rendered: Record<string, unknown> = {};
  for (const [member, field] of Object.entries(block.fields)) {
    const at = below(place, member);
    if (field.kind === "inline") {
      const source = single(given[member], at);
      if (source !== undefined) Object.assign(rendered, renderBlock(field.of, source, at, note));
      continue;
    }
    const value = renderField(field, given[member] ?? undefined, at, note);
    if (value !== undefined) rendered[("name" in field ? field.name : undefined) ?? camelCase(member)] = value;
  }
  return block.adjust?.(rendered) ?? rendered;
}

/** The provider sees a block in which nothing is set, by hand or by default, as nothing, not as zeros. */
function isNil(block: Block, given: Record<string, unknown>): boolean {
  const hasDefault = Object.values(block.fields).some((field) => field.kind === "value" && field.default !== undefined);
  return !hasDefault && Object.values(given).every((value) => value == null);
}

function renderField(field: Exclude<Field, { kind: "inline" }>, given: unknown, place: Place, note: Note): unknown {
  switch (field.kind) {
    case "ignored":
      return undefined;
    case "refused":
      if (given === undefined) return undefined;
      throw new RenderError(place, field.why);
    case "value":
      return renderValue(field, given, place);
    case "map":
      return given === undefined ? undefined : renderMap(field, given, place, note);
    case "list":
      return renderList(field, given, place);
    case "block": {
      const source = single(given, place);
      if (source === undefined) return field.sent === true ? renderBlock(field.of, {}, place, note) : undefined;
      return renderBlock(field.of, source, place, note);
    }
    case "blocks":
      return renderBlocks(field, given, place, note);
  }
}

function renderValue(field: ValueField, given: unknown, place: Place): unknown {
  const value = primitive(
    given ?? field.default ?? { string: "", number: 0, bool: false }[field.type],
    field.type,
    place,
  );
  if (field.convert !== undefined) return value === "" ? undefined : convert(String(value), field.convert, place);
  const zero = value === "" || value === 0 || value === false;
  return zero && field.sent !== true ? undefined : value;
}

/** As the provider parses: decimal integers within 32 bits are numbers, file modes are octal. */
function convert(text: string, to: NonNullable<ValueField["convert"]>, place: Place): number | string {
  if (to === "octal") {
    if (!/^0?[0-7]{3,4}$/.test(text))
      throw new RenderError(place, `${JSON.stringify(text)} is no file mode`, 'Give an octal one, as "0440".');
    return parseInt(text, 8);
  }
  const isInteger = /^[-+]?\d+$/.test(text) && (to === "integer" || Math.abs(Number(text)) < 2 ** 31);
  if (isInteger) return Number(text);
  if (to === "integer") throw new RenderError(place, `${JSON.stringify(text)} is no integer`);
  return text;
}

function renderMap(field: MapField, given: unknown, place: Place, note: Note): Record<string, unknown> | undefined {
  if (!isObject(given)) throw new RenderError(place, `a map is wanted, not ${describe(given)}`);
  const entries = Object.entries(given)
    .filter(([, value]) => value != null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]): [string, unknown] => {
      const at = below(place, key);
      if (value instanceof Sealed && field.sealed === "kept") return [key, value];
      if (value instanceof Sealed && field.sealed === "noted") {
        note(at, `depends on ${list(value.variables)}; without secrets it is ${JSON.stringify(UNKNOWN_ANNOTATION)}`);
        return [key, UNKNOWN_ANNOTATION];
      }
      const text = primitive(value, "string", at) as string;
      return [key, field.encode === "base64" ? Buffer.from(text, "utf8").toString("base64") : text];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function renderList(field: ListField, given: unknown, place: Place): unknown[] | undefined {
  if (given !== undefined && !Array.isArray(given))
    throw new RenderError(place, `a list is wanted, not ${describe(given)}`);
  const items = (given ?? []).map((item: unknown, index: number) =>
    primitive(item ?? "", field.of, below(place, index)),
  );
  if (items.length === 0) return field.sent === true ? [] : undefined;
  return field.set === undefined ? items : setOrder(items, (item) => `${item}${field.set === "serialized" ? ";" : ""}`);
}

function renderBlocks(field: BlocksField, given: unknown, place: Place, note: Note): unknown[] | undefined {
  const sources = given === undefined ? [] : Array.isArray(given) ? given : [given];
  if (sources.length === 0) return field.sent === true ? [] : undefined;
  const rendered = sources.map((source, index) =>
    renderBlock(field.of, source, Array.isArray(given) ? below(place, index) : place, note),
  );
  if (field.split === true)
    return rendered.flatMap((parts) =>
      Object.entries(parts).flatMap(([name, items]) => (items as unknown[]).map((item) => ({ [name]: item }))),
    );
  if (field.set === undefined) return rendered;
  return setOrder(rendered, (item) =>
    Object.keys(item)
      .sort()
      .map((name) => `${name}:${String(item[name])};`)
      .join(""),
  );
}

/** A block of which there is at most one, written as an object or as a list of one. */
function single(given: unknown, place: Place): unknown {
  if (!Array.isArray(given)) return given ?? undefined;
  if (given.length > 1) throw new RenderError(place, `${given.length} blocks where the provider takes the first alone`);
  return given[0] as unknown;
}

/** Terraform's own conversions between primitives; anything else is a mistake in the stack. */
function primitive(value: unknown, type: "string" | "number" | "bool", place: Place): string | number | boolean {
  if (value instanceof Sealed)
    throw new RenderError(
      place,
      `depends on ${list(value.variables)}, which only a Secret's data and annotations may`,
      "Put it into a Secret and refer to that; where it is no secret, drop `sensitive` from the variable.",
    );
  const wanted = type === "bool" ? "boolean" : type;
  if (typeof value === wanted) return value as string | number | boolean;
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (type === "number" && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  if (type === "bool" && (value === "true" || value === "false")) return value === "true";
  throw new RenderError(place, `a ${type} is wanted, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value instanceof Sealed) return `what depends on ${list(value.variables)}`;
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}

function list(variables: readonly string[]): string {
  return `the sensitive variable${variables.length === 1 ? "" : "s"} ${variables.join(", ")}`;
}
