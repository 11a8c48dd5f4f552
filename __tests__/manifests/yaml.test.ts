import { parseAllDocuments } from "yaml";
import { toYaml } from "../../tools/manifests/yaml";
import { awkward } from "./support/awkward";

const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it" }, data: awkward };

test.each(["1.1", "1.2"] as const)("text that looks like another type is text to YAML %s", (version) => {
  const [read] = parseAllDocuments(toYaml([object]), { version, schema: version === "1.1" ? "yaml-1.1" : "core" });
  expect((read as { toJS(): unknown }).toJS()).toEqual(object);
});

test("keys that look like another type are text", () => {
  const keys = { ...object, data: { yes: "a", "1": "b", null: "c", "1e3": "d" } };
  expect(toYaml([keys])).toContain('\n  "yes": a\n  "null": c\n  "1e3": d\n');
});

test("the same objects always give the same bytes, an object a document, none by reference to another", () => {
  const shared = { a: "b" };
  const twice = { ...object, data: shared, more: shared };
  expect(toYaml([twice, twice])).toBe(toYaml(structuredClone([twice, twice])));
  expect(toYaml([twice, twice]).split("---\n")).toHaveLength(3);
  expect(toYaml([twice])).not.toMatch(/[&*]a/);
});
