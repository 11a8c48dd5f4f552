import schema from "../manifests/fixtures/provider-schema.json";
import type { Platform } from "./support/platform";
import { synth } from "./support/synth";

type Attribute = readonly [type: unknown, use: "required" | "optional" | "computed"];
interface Block {
  readonly nesting: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly block: Schema;
}
type Schema = Readonly<Record<string, Attribute | Block>>;

/** What the provider does not know, or misses. */
function faults(value: Readonly<Record<string, unknown>>, known: Schema, path: string): string[] {
  const missing = Object.entries(known).filter(([name, entry]) => !(name in value) &&
    (isAttribute(entry) ? entry[1] === "required" : (entry.min ?? 0) > 0)).map(([name]) => `${path}.${name} is missing`);
  const wrong = Object.entries(value).filter(([name]) => name !== "//").flatMap(([name, content]) => {
    const entry = known[name];
    const at = `${path}.${name}`;
    if (entry === undefined) return [`${at} is unknown`];
    if (isAttribute(entry)) return entry[1] === "computed" ? [`${at} is not ours to set`] : mistyped(content, entry[0], at);
    const blocks = Array.isArray(content) ? content : [content];
    return [
      ...(entry.max !== null && blocks.length > entry.max ? [`${at} stands ${blocks.length} times`] : []),
      ...blocks.flatMap((block: unknown) => (typeof block === "object" && block !== null
        ? faults(block as Record<string, unknown>, entry.block, at) : [`${at} is no block`])),
    ];
  });
  return [...missing, ...wrong];
}

function mistyped(value: unknown, type: unknown, at: string): string[] {
  // An expression is of whatever type it turns out to be.
  if (typeof value === "string" && value.includes("${")) return [];
  if (Array.isArray(type)) {
    const [kind, element] = type as [string, unknown];
    if (kind === "map") {
      return isRecord(value) ? Object.entries(value).flatMap(([key, one]) => mistyped(one, element, `${at}.${key}`)) : [`${at} is no map`];
    }
    return Array.isArray(value) ? value.flatMap((one, i) => mistyped(one, element, `${at}[${i}]`)) : [`${at} is no ${kind}`];
  }
  const is = { bool: "boolean", number: "number", string: "string" }[type as string];
  return typeof value === is ? [] : [`${at} is a ${typeof value}, not a ${String(type)}`];
}

function isAttribute(entry: Attribute | Block): entry is Attribute {
  return Array.isArray(entry);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(platform: Platform): string[] {
  return platform.resources.flatMap(({ type, body }) => {
    const known = (schema as unknown as Record<string, Schema>)[type];
    // How Terraform treats a resource is no business of the provider's.
    const own = Object.fromEntries(Object.entries(body as Record<string, unknown>).filter(([name]) => name !== "lifecycle"));
    return known === undefined ? [`${type} is unknown`] : faults(own, known, type);
  });
}

describe("the provider's own schema", () => {
  const platform = synth();

  test("knows every resource, attribute and block, with the types that it has", () => {
    expect(check(platform)).toEqual([]);
    expect(check(synth({ FRONTEND_SERVICE_TYPE: "NodePort", FRONTEND_NODE_PORT: "30080", STORAGE_CLASS: "standard", KUBE_CONTEXT: "x" }))).toEqual([]);
  });

  // What the bindings pass on without a word where types are not checked.
  test.each<[string, (platform: Platform) => unknown, string]>([
    ["a name left in camelCase", (mutant) => Object.assign(mutant.pod("redis"), { enableServiceLinks: false }), "enableServiceLinks is unknown"],
    ["an object where a list of texts is wanted", (mutant) => Object.assign(mutant.container("redis"), { command: {} }), "command is no list"],
    ["a number where a text is wanted", (mutant) => Object.assign(mutant.deployment("redis").spec, { replicas: 3 }), "replicas is a number"],
    ["a block twice", (mutant) => Object.assign(mutant.deployment("redis").spec, { strategy: [{}, {}] }), "strategy stands 2 times"],
    ["what only the provider may set", (mutant) => Object.assign(mutant.secret("redis-acl").metadata, { uid: "x" }), "uid is not ours"],
    ["a block lost", (mutant) => Reflect.deleteProperty(mutant.deployment("redis"), "spec"), "spec is missing"],
    ["an attribute lost", (mutant) => Reflect.deleteProperty(mutant.policy("redis").spec, "policy_types"), "policy_types is missing"],
  ])("finds %s", (_, mutate, finding) => {
    const mutant = platform.copy();
    mutate(mutant);
    expect(check(mutant)).toEqual([expect.stringContaining(finding)]);
  });
});
