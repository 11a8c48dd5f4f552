import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { renderApp } from "../../tools/manifests/app";
import { readSynth, type Stack } from "../../tools/manifests/synth";
import { synthesize } from "./support/synthesized";

const folder = synthesize();
const stacks = readSynth(join(folder, "cdktf.out"));
afterAll(() => rmSync(folder, { recursive: true }));
const values = { password: "s3cret" };
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The objects of a file, by kind and name. */
function objectsIn(files: readonly { name: string; text: string }[], name: string): Record<string, unknown> {
  const file = files.find((candidate) => candidate.name === name);
  if (file === undefined) throw new Error(`no ${name} among ${files.map((other) => other.name).join(", ")}`);
  const objects = parseAllDocuments(file.text).map((document) =>
    (document as { toJS(): { kind: string; metadata: { name: string } } }).toJS(),
  );
  return Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}

test("a stack is a file, numbered in the order of deployment, with the namespace before what stands in it", () => {
  const files = renderApp(stacks, {});
  expect(files.map(({ name }) => name)).toEqual(["10-base.yaml", "11-base-secrets.yaml.template", "20-web.yaml"]);
  expect(Object.keys(objectsIn(files, "10-base.yaml"))).toEqual(["Namespace sedaro", "ConfigMap plain"]);
});

test("file names sort as their numbers do, however many stacks there are", () => {
  const [base] = stacks as [Stack];
  const many = Array.from({ length: 11 }, (_, index) => ({
    ...base,
    name: `s${index}`,
    json: { ...base.json, "//": { metadata: { stackName: `s${index}` } } },
  }));
  const names = renderApp(many, {}).map(({ name }) => name);
  expect(names).toEqual([...names].sort());
});

test("what one stack reads from another is there: a name, through Terraform's state", () => {
  const { "Deployment web": web } = objectsIn(renderApp(stacks, {}), "20-web.yaml");
  expect(web).toMatchObject({
    metadata: { namespace: "sedaro" },
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: "redis" } } }] }] } },
    },
  });
});

test("without being asked to, no secret is written, not even where its value is known", () => {
  const texts = renderApp(stacks, { values })
    .map(({ text }) => text)
    .join();
  for (const trace of ["s3cret", Buffer.from("s3cret").toString("base64"), sha256("s3cret")])
    expect(texts).not.toContain(trace);
});

test("a Secret that needs values is described: its keys, what is known, the variables of the rest, and how its pods get a new one", () => {
  const files = renderApp(stacks, {});
  const { "Secret redis": secret } = objectsIn(files, "11-base-secrets.yaml.template");
  expect(secret).toMatchObject({
    metadata: { namespace: "sedaro" },
    type: "Opaque",
    stringData: { password: "${var.password}", user: "default" },
  });
  expect(files[1]?.text).toContain("#   Secret redis, key line: from var.password\n");
  expect(files[1]?.text).toContain("kubectl rollout restart deployment");
});

test("filled in, a Secret holds its values, in a file of its own for its owner alone", () => {
  const files = renderApp(stacks, { values, fill: true });
  expect(files.map(({ name, secret }) => [name, secret])).toEqual([
    ["10-base.yaml", false],
    ["11-base-secrets.yaml", true],
    ["20-web.yaml", false],
  ]);
  for (const { secret, text } of files) if (!secret) expect(text).not.toContain(values.password);
  const { "Secret redis": secret } = objectsIn(files, "11-base-secrets.yaml") as {
    "Secret redis": { data: Record<string, string> };
  };
  const decoded = Object.entries(secret.data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
  expect(Object.fromEntries(decoded)).toEqual({ password: "s3cret", line: "user default >s3cret", user: "default" });
});

test("an annotation that depends on a secret says that it is unknown, is reported, and is right when filled in", () => {
  const reported: string[] = [];
  const annotations = (fill: boolean): unknown => {
    const files = renderApp(stacks, { values, fill, note: ({ stack, path }) => reported.push(`${stack} ${path}`) });
    return (
      objectsIn(files, "20-web.yaml")["Deployment web"] as {
        spec: { template: { metadata: { annotations: unknown } } };
      }
    ).spec.template.metadata.annotations;
  };
  const plain = sha256('{"a":"1"}');
  expect(annotations(false)).toEqual({
    "checksum/password": "unknown: rendered without secrets",
    "checksum/plain": plain,
  });
  expect(reported).toEqual(["web spec.template.metadata.annotations.checksum/password"]);
  expect(annotations(true)).toEqual({ "checksum/password": sha256("s3cret"), "checksum/plain": plain });
});

test("a secret that gets into anything else is an error, also when it is filled in", () => {
  const [base, web] = stacks as [Stack, Stack];
  const leaking = {
    ...web,
    json: JSON.parse(JSON.stringify(web.json).replace('"web:1"', '"web:${var.password}"')) as Stack["json"],
  };
  expect(() => renderApp([base, leaking], { values, fill: true })).toThrow(
    /container\[0\]\.image: depends on the sensitive variable password/,
  );
});

test("one stack alone has the same file as among the others", () => {
  const [, , web] = renderApp(stacks, {});
  expect(renderApp(stacks, {}, new Set(["web"]))).toEqual([web]);
});

test("the order of resources in the synthesized stack makes no difference", () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, reversed(member)]),
    );
  };
  const shuffled = stacks.map((stack) => ({ ...stack, json: reversed(stack.json) as Stack["json"] }));
  expect(renderApp(shuffled, { values, fill: true })).toEqual(renderApp(stacks, { values, fill: true }));
});
