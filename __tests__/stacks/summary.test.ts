import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differences, readStates } from "../../scripts/deploy/summary";
import { temporaryFolder } from "../support/part";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const state = (stack: string): string => join(folder.path, `terraform.${stack}.tfstate`);

/** Writes a stack as cdktf synthesizes it, as far as the summary reads it. */
function stack(name: string, backend: object = { local: { path: state(name) } }): void {
  mkdirSync(join(folder.path, "stacks", name), { recursive: true });
  writeFileSync(join(folder.path, "stacks", name, "cdk.tf.json"), JSON.stringify({ terraform: { backend } }));
}

/** Writes a state as Terraform does (version 4), with one resource for each name. */
function apply(name: string, objects: Readonly<Record<string, object>>): void {
  const resources = Object.entries(objects).map(([of, spec]) => ({
    mode: "managed",
    type: "kubernetes_deployment",
    name: of,
    instances: [{ attributes: { metadata: [{ name: of, resource_version: String(Math.random()), generation: 1 }], spec } }],
  }));
  const data = { mode: "data", type: "kubernetes_nodes", name: "nodes", instances: [{ attributes: {} }] };
  writeFileSync(state(name), JSON.stringify({ version: 4, resources: [...resources, data] }));
}

test("what a deploy has done is told by stack: what was made, changed and removed, not what the cluster changes by itself", () => {
  for (const name of ["namespace", "redis", "dask"]) stack(name);
  stack("elsewhere", { s3: {} });
  apply("redis", { redis: { replicas: "1" } });
  apply("dask", { workers: { replicas: "3" }, scheduler: {}, old: {} });
  const names = ["namespace", "redis", "dask", "elsewhere"];
  const before = readStates(folder.path, names);
  apply("namespace", { quota: {}, limits: {} });
  apply("redis", { redis: { replicas: "1" } });
  apply("dask", { workers: { replicas: "5" }, scheduler: {}, new: {} });
  expect(differences(before, readStates(folder.path, names))).toEqual([
    "  namespace  2 objects: 2 made",
    "  redis      1 object: nothing changed",
    "  dask       3 objects: 1 made, 1 changed, 1 removed",
    "  elsewhere  its state is not on this machine",
  ]);
});
