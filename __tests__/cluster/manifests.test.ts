import { kinds } from "../../tools/manifests/kinds";
import { renderStack, type KubernetesObject } from "../../tools/manifests/stack";
import { camelCase, type Block, type Field } from "../../tools/manifests/tables/field";
import { toYaml } from "../../tools/manifests/yaml";
import { keyOf, live, sample, sampleValues } from "../manifests/support/fixtures";
import { awkward } from "../manifests/support/awkward";
import { asRead } from "./support/as-read";
import { kubectl, kubectlJson, tryKubectl } from "./support/kubectl";
import { namespaces, OURS } from "./support/namespaces";
import { nameOf, OpenApi, type ApiType } from "./support/open-api";

const NAMESPACE = namespaces.sample;
const sent = renderStack(sample, { values: sampleValues, fill: true });
const yaml = toYaml(sent);

/** Kinds that Terraform made with a name of their own, and the claim that a StatefulSet's controller makes. */
const read = (kind: string, name: string): KubernetesObject =>
  kubectlJson([
    "get",
    `${kind.toLowerCase()}s`.replace(/ys$/, "ies").replace(/sss$/, "sses"),
    name,
    "-n",
    NAMESPACE,
  ]) as KubernetesObject;

function remove(): void {
  tryKubectl(["delete", "pods", "--all", "-n", NAMESPACE, "--grace-period=0", "--force"]);
  tryKubectl(["delete", "-f", "-", "--ignore-not-found", "--wait=true"], yaml);
}

beforeAll(() => {
  remove();
  kubectl(["apply", "--validate=strict", "-f", "-"], yaml);
  kubectl(["label", "namespace", NAMESPACE, ...Object.entries(OURS).map(([name, value]) => `${name}=${value}`)]);
  kubectl(["wait", "--for=create", "pvc/data-db-0", "-n", NAMESPACE, "--timeout=60s"]);
}, 300_000);
afterAll(remove, 300_000);

test.each(live.map((object) => [keyOf(object), object] as const))(
  "applied, %s is field by field what Terraform made",
  (key, object) => {
    const mine = sent.find((candidate) => keyOf(candidate) === key);
    const stored = read(object.kind, object.metadata.name);
    expect(asRead(stored, mine)).toEqual(asRead(object, mine));
  },
);

test("applying them again would change nothing", () => {
  expect(tryKubectl(["diff", "-f", "-"], yaml)).toMatchObject({ status: 0, stdout: "" });
});

test("text that looks like another type arrives as that text", () => {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "awkward", namespace: NAMESPACE },
    data: awkward,
  };
  kubectl(["apply", "-f", "-"], toYaml([object]));
  expect(read("ConfigMap", "awkward").data).toEqual(awkward);
});

const api = new OpenApi();
test.each(Object.values(kinds).map(({ apiVersion, kind, block }) => [kind, apiVersion, block] as const))(
  "%s: every field of the table is one of the cluster's, of its type",
  (kind, apiVersion, block) => {
    expect(mismatches(block, api.kind(apiVersion, kind), apiVersion, kind)).toEqual([]);
  },
);

/** A Secret's bytes and text become one field. */
const merged: Readonly<Record<string, string>> = { "Secret.binaryData": "data" };

function mismatches({ fields }: Block, type: ApiType, apiVersion: string, path: string): string[] {
  return Object.entries(fields).flatMap(([member, field]) => {
    if (field.kind === "ignored" || field.kind === "refused") return [];
    if (field.kind === "inline") return mismatches(field.of, type, apiVersion, path);
    const name = ("name" in field ? field.name : undefined) ?? camelCase(member);
    const at = `${path}.${name}`;
    const property = type.properties?.[merged[at] ?? name];
    if (property === undefined) return [`${at} is no field`];
    const found = api.follow(apiVersion, property);
    const list = field.kind === "blocks" && nameOf(found) === "list";
    const item = list || field.kind === "list" ? api.follow(apiVersion, found.items) : found;
    if (!expected(field).includes(nameOf(found)))
      return [`${at} is ${nameOf(found)}, not ${expected(field).join(" or ")}`];
    if (field.kind === "list")
      return nameOf(item) === (field.of === "number" ? "integer" : "string") ? [] : [`${at}[] is ${nameOf(item)}`];
    return field.kind === "block" || field.kind === "blocks" ? mismatches(field.of, item, apiVersion, at) : [];
  });
}

/** Under a split list, what Terraform has many of is one object to Kubernetes. */
function expected(field: Exclude<Field, { kind: "inline" | "ignored" | "refused" }>): string[] {
  if (field.kind === "block") return ["object"];
  if (field.kind === "blocks") return ["list", "object"];
  if (field.kind !== "value") return [field.kind];
  if (field.convert !== undefined) return [field.convert === "octal" ? "integer" : field.convert];
  return { string: ["string", "quantity"], number: ["integer"], bool: ["bool"] }[field.type];
}
