import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";

/** Objects of one stack by address, with their attributes; null where the state is not a file of this machine. */
type Objects = ReadonlyMap<string, unknown> | null;
export type States = ReadonlyMap<string, Objects>;

interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number; readonly attributes: unknown }[];
  }[];
}

/** Attributes that the cluster changes by itself. */
const living = new Set(["generation", "resource_version", "status"]);

/** What Terraform's states say now, for each synthesized stack in the order in which they are listed. */
export function readStates(synthesized: string, names: readonly string[]): States {
  return new Map(names.map((name) => [name, objectsOf(join(synthesized, "stacks", name, "cdk.tf.json"))]));
}

function objectsOf(stack: string): Objects {
  const { terraform } = JSON.parse(readFileSync(stack, "utf8")) as { terraform?: { backend?: { local?: { path: string } } } };
  const path = terraform?.backend?.local?.path;
  if (path === undefined) return null;
  if (!existsSync(path)) return new Map();
  const { resources = [] } = JSON.parse(readFileSync(path, "utf8")) as State;
  return new Map(resources.filter(({ mode }) => mode === "managed").flatMap(({ type, name, instances }) =>
    instances.map(({ index_key: key, attributes }) => [`${type}.${name}${key === undefined ? "" : `[${key}]`}`, settled(attributes)])));
}

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !living.has(name)).map(([name, inner]) => [name, settled(inner)]));
}

/** A line for each stack: how many objects there are, and how many of them were made, changed or removed between two states. */
export function differences(before: States, after: States): string[] {
  const width = Math.max(...[...after.keys()].map((name) => name.length));
  return [...after].map(([name, now]) => {
    const old = before.get(name);
    if (now === null || !old) return `  ${name.padEnd(width)}  its state is not on this machine`;
    const made = [...now.keys()].filter((address) => !old.has(address)).length;
    const changed = [...now].filter(([address, object]) => old.has(address) && !isDeepStrictEqual(old.get(address), object)).length;
    const removed = [...old.keys()].filter((address) => !now.has(address)).length;
    const parts = Object.entries({ made, changed, removed }).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
    return `  ${name.padEnd(width)}  ${now.size} ${now.size === 1 ? "object" : "objects"}: ${parts.join(", ") || "nothing changed"}`;
  });
}
