import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderStack } from "../../tools/manifests/stack";
import { readSynth } from "../../tools/manifests/synth";
import type { JsonObject } from "../../tools/manifests/json";
import { keyOf } from "./support/fixtures";

const metadata = (name: string): JsonObject => ({ metadata: { name, namespace: "there" } });

function order(resource: JsonObject): string[] {
  return renderStack({ "//": { metadata: { stackName: "test" } }, resource }).map(keyOf);
}

test("kinds come in the order in which they are best applied, names in that of the alphabet", () => {
  const resource = {
    kubernetes_service_v1: { b: metadata("b"), a: metadata("a") },
    kubernetes_network_policy_v1: { deny: { ...metadata("deny"), spec: { policy_types: [] } } },
    kubernetes_namespace_v1: { it: { metadata: { name: "there" } } },
  };
  expect(order(resource)).toEqual(["Namespace there", "NetworkPolicy deny", "Service a", "Service b"]);
});

test("what a resource refers to comes before it, whatever its kind", () => {
  const resource = {
    kubernetes_config_map_v1: {
      early: { ...metadata("early"), data: { host: "${kubernetes_service_v1.late.metadata[0].name}" } },
    },
    kubernetes_service_v1: { late: metadata("late") },
  };
  expect(order(resource)).toEqual(["Service late", "ConfigMap early"]);
});

test("what a resource depends on comes before it, and what that depends on before that", () => {
  const resource = {
    kubernetes_config_map_v1: {
      a: { ...metadata("a"), depends_on: ["kubernetes_config_map_v1.b"] },
      b: { ...metadata("b"), depends_on: ["kubernetes_service_v1.c"] },
    },
    kubernetes_service_v1: { c: metadata("c") },
  };
  expect(order(resource)).toEqual(["Service c", "ConfigMap b", "ConfigMap a"]);
});

describe("stacks", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "porta-manifests-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes what cdktf would: each stack with the names of those that it needs. */
  function synthesized(stacks: Readonly<Record<string, readonly string[]>>): string {
    for (const name of Object.keys(stacks)) {
      mkdirSync(join(folder, "stacks", name), { recursive: true });
      writeFileSync(
        join(folder, "stacks", name, "cdk.tf.json"),
        JSON.stringify({ "//": { metadata: { stackName: name } } }),
      );
    }
    const entries = Object.entries(stacks).map(([name, dependencies]) => [
      name,
      { name, dependencies, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
    ]);
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(entries) }));
    return folder;
  }

  test("come after those that they depend on, else as the app lists them", () => {
    const stacks = readSynth(
      synthesized({ web: ["pool", "cache"], pool: ["base"], cache: ["base"], base: [], apart: [] }),
    );
    expect(stacks.map(({ name }) => name)).toEqual(["base", "pool", "cache", "web", "apart"]);
  });

  test.each<[string, Record<string, string[]>, string]>([
    ["in a circle", { a: ["b"], b: ["a"] }, "Stacks depend on each other: a → b → a."],
    ["on one that is not there", { a: ["b"] }, "Stack a depends on b, which was not synthesized."],
  ])("that depend %s are an error", (_, stacks, problem) => {
    expect(() => readSynth(synthesized(stacks))).toThrow(problem);
  });

  test("that cannot be read are an error that names the file", () => {
    writeFileSync(join(synthesized({ a: [] }), "stacks", "a", "cdk.tf.json"), "{");
    expect(() => readSynth(folder)).toThrow(/stacks\/a\/cdk\.tf\.json cannot be read/);
  });
});

const remote = (config: JsonObject): JsonObject => ({ terraform_remote_state: { base: { backend: "local", config } } });
const reading = (data: JsonObject, output: string): JsonObject => ({
  "//": { metadata: { stackName: "test" } },
  data,
  resource: {
    kubernetes_config_map_v1: {
      it: { ...metadata("it"), data: { a: `\${data.terraform_remote_state.base.${output}}` } },
    },
  },
});
const base = {
  name: "base",
  json: {
    terraform: { backend: { local: { path: "/state" } } },
    variable: { size: { default: 3 } },
    output: { size: { value: "${var.size}", sensitive: true } },
  },
};

test("another stack's output is found by where that stack keeps its state", () => {
  const [object] = renderStack(reading(remote({ path: "/state" }), "outputs.size"), { others: [base] });
  expect(object?.data).toEqual({ a: "3" });
});

test.each<[string, JsonObject, string, string]>([
  [
    "the state of a stack of another app",
    remote({ path: "/elsewhere" }),
    "outputs.size",
    "data.terraform_remote_state.base reads the state of a stack that is not in this app",
  ],
  ["an output that there is not", remote({ path: "/state" }), "outputs.length", "stack base has no output length"],
  [
    "something else than an output",
    remote({ path: "/state" }),
    "workspace",
    "data.terraform_remote_state.base: only its outputs can be read",
  ],
])("%s is an error", (_, data, output, problem) => {
  expect(() => renderStack(reading(data, output), { others: [base] })).toThrow(problem);
});
