import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/stack";

const read = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, "..", "fixtures", name), "utf8"));

export const sample = read("sample.tf.json") as JsonObject;
export const sampleValues = { password: "s3cret" };
export const live = read("live.json") as readonly KubernetesObject[];

/** Type, then "required", "optional", "computed"; blocks with how many of them there may be. */
export type SchemaAttribute = readonly [unknown, ...string[]];
export interface SchemaBlock {
  readonly nesting: "list" | "set" | "single";
  readonly min: number | null;
  readonly max: number | null;
  readonly block: Schema;
}
// A record of itself has to be an interface.
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style
export interface Schema {
  readonly [name: string]: SchemaAttribute | SchemaBlock;
}
export const providerSchema = read("provider-schema.json") as Readonly<Record<string, Schema>>;

/** A stack of one resource, to see what becomes of it. */
export function stackOf(type: string, given: JsonObject, rest: JsonObject = {}): JsonObject {
  return { "//": { metadata: { stackName: "test" } }, resource: { [type]: { it: given } }, ...rest };
}

export function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
