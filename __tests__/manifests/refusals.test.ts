import { renderStack } from "../../tools/manifests/stack";
import type { JsonObject } from "../../tools/manifests/json";
import { stackOf } from "./support/fixtures";

const metadata = { name: "it", namespace: "there" };
const configMap = { metadata, data: { a: "b" } };
const deployment = (spec: JsonObject): JsonObject => ({ metadata, spec: { template: { spec } } });
const secretVariable: JsonObject = { variable: { password: { type: "string", sensitive: true } } };

test.each<[string, string, JsonObject, string]>([
  [
    "a resource of another provider",
    "random_password",
    { length: 3 },
    "stack test, random_password.it: resources of type random_password are not known here",
  ],
  [
    "a kind without a table",
    "kubernetes_endpoint_slice_v1",
    { metadata },
    "resources of type kubernetes_endpoint_slice_v1 are not known here",
  ],
  ["a type that every object has", "constructor", { metadata }, "resources of type constructor are not known here"],
  [
    "an attribute that is misspelt",
    "kubernetes_config_map_v1",
    { ...configMap, date: {} },
    "kubernetes_config_map_v1.it, date: this attribute is not known here",
  ],
  [
    "one deep inside, in camelCase",
    "kubernetes_deployment_v1",
    deployment({ container: [{ name: "c", volumeMount: [] }] }),
    "spec.template.spec.container[0].volumeMount: this attribute is not known here",
  ],
  [
    "a block where the cluster would see nothing of it",
    "kubernetes_deployment_v1",
    deployment({ volume: [{ name: "v", git_repo: {} }] }),
    "spec.template.spec.volume[0].git_repo: volumes cloned from git are gone",
  ],
  [
    "a driver that is not rendered",
    "kubernetes_deployment_v1",
    deployment({ volume: { name: "v", ceph_fs: {} } }),
    "spec.template.spec.volume.ceph_fs: this storage driver is not rendered",
  ],
  [
    "two blocks where one is wanted",
    "kubernetes_deployment_v1",
    { metadata, spec: [{}, {}] },
    "spec: 2 blocks where the provider takes the first alone",
  ],
  [
    "text where a number is wanted",
    "kubernetes_priority_class_v1",
    { metadata: { name: "it" }, value: "many" },
    'value: a number is wanted, not "many"',
  ],
  [
    "text where yes or no is wanted",
    "kubernetes_config_map_v1",
    { ...configMap, immutable: "yes" },
    'immutable: a bool is wanted, not "yes"',
  ],
  [
    "a list where text is wanted",
    "kubernetes_config_map_v1",
    { metadata, data: { a: ["b"] } },
    'data.a: a string is wanted, not ["b"]',
  ],
  ["text where a map is wanted", "kubernetes_config_map_v1", { metadata, data: "a" }, 'data: a map is wanted, not "a"'],
  [
    "text where a list is wanted",
    "kubernetes_deployment_v1",
    deployment({ container: [{ name: "c", args: "a" }] }),
    'container[0].args: a list is wanted, not "a"',
  ],
  [
    "text where a block is wanted",
    "kubernetes_deployment_v1",
    deployment({ container: ["c"] }),
    'container[0]: a block is wanted, not "c"',
  ],
  [
    "replicas that are no integer",
    "kubernetes_deployment_v1",
    { metadata, spec: { replicas: "two" } },
    'spec.replicas: "two" is no integer',
  ],
  [
    "a file mode that is not octal",
    "kubernetes_deployment_v1",
    deployment({ volume: { name: "v", secret: { default_mode: "0899" } } }),
    '"0899" is no file mode',
  ],
  [
    "a generated name",
    "kubernetes_config_map_v1",
    { metadata: { generate_name: "a-" } },
    "metadata.generate_name: a generated name is another object at each apply",
  ],
  ["no name", "kubernetes_config_map_v1", { metadata: {} }, "metadata.name is missing"],
  ["count", "kubernetes_config_map_v1", { ...configMap, count: 2 }, "count: this is Terraform's own work"],
  [
    "for_each",
    "kubernetes_config_map_v1",
    { ...configMap, for_each: { a: "b" } },
    "for_each: this is Terraform's own work",
  ],
  [
    "provisioners",
    "kubernetes_config_map_v1",
    { ...configMap, provisioner: [{ "local-exec": {} }] },
    "provisioner: this is Terraform's own work",
  ],
  [
    "conditions of a life cycle",
    "kubernetes_config_map_v1",
    { ...configMap, lifecycle: { precondition: [{}] } },
    "lifecycle.precondition: this is Terraform's own work",
  ],
  [
    "a second cluster",
    "kubernetes_config_map_v1",
    { ...configMap, provider: "kubernetes.other" },
    "provider: a second configuration of a provider may be another cluster",
  ],
  ["a literal manifest that is none", "kubernetes_manifest", { manifest: "a" }, "manifest: an object is wanted"],
  [
    "a literal manifest without a kind",
    "kubernetes_manifest",
    { manifest: { apiVersion: "v1", metadata: { name: "a" } } },
    "manifest: apiVersion or kind is missing",
  ],
  [
    "an unknown member beside a literal manifest",
    "kubernetes_manifest",
    { manifest: {}, wat: 1 },
    "wat: this attribute is not known here",
  ],
  ["write-only data", "kubernetes_secret_v1", { metadata, data_wo: { a: "b" } }, "data_wo: write-only data"],
])("%s is an error that says where it stands", (_, type, given, problem) => {
  expect(() => renderStack(stackOf(type, given))).toThrow(problem);
});

test.each<[string, JsonObject]>([
  ["module", { module: { m: { source: "x" } } }],
  ["moved", { moved: [{}] }],
])("a %s is an error", (part, rest) => {
  expect(() => renderStack(stackOf("kubernetes_config_map_v1", configMap, rest))).toThrow(
    `stack test, ${part}: this part of a stack is not known here`,
  );
});

test("two clusters in a stack are an error", () => {
  const rest = { provider: { kubernetes: [{}, { alias: "other" }] } };
  expect(() => renderStack(stackOf("kubernetes_config_map_v1", configMap, rest))).toThrow(
    "the stack has more than one cluster",
  );
});

test("what only Terraform does with a resource leaves its object alone", () => {
  const meta = {
    "//": { metadata: {} },
    depends_on: ["kubernetes_config_map_v1.it"],
    provider: "kubernetes",
    lifecycle: { prevent_destroy: true, ignore_changes: "all" },
  };
  const plain = renderStack(stackOf("kubernetes_config_map_v1", configMap));
  expect(renderStack(stackOf("kubernetes_config_map_v1", { ...configMap, ...meta }))).toEqual(plain);
});

test("a secret in a literal manifest is an error", () => {
  const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { a: "${var.password}" } };
  expect(() => renderStack(stackOf("kubernetes_manifest", { manifest }, secretVariable))).toThrow(
    "manifest: depends on the sensitive variable password",
  );
});

test.each([
  ["a secret", "${var.password}"],
  ["a list", '${["a"]}'],
])("%s as a member's name is an error", (_, name) => {
  const given = { metadata, data: { [name]: "b" } };
  expect(() => renderStack(stackOf("kubernetes_config_map_v1", given, secretVariable))).toThrow("a member's name has to be plain text");
});

test.each<[string, string, JsonObject]>([
  [
    "an argument",
    "spec.template.spec.container.args[0]",
    deployment({ container: { name: "c", args: ["${var.password}"] } }),
  ],
  [
    "a variable of a container",
    "spec.template.spec.container.env.value",
    deployment({ container: { name: "c", env: { name: "p", value: "x${sha256(var.password)}" } } }),
  ],
  ["a label", "metadata.labels.a", { ...deployment({}), metadata: { name: "it", labels: { a: "${var.password}" } } }],
])("a secret in %s is an error", (_, path, given) => {
  const stack = stackOf("kubernetes_deployment_v1", given, secretVariable);
  expect(() => renderStack(stack)).toThrow(
    `${path}: depends on the sensitive variable password, which only a Secret's data and annotations may`,
  );
});
