import { renderStack } from "../../tools/manifests/stack";
import type { JsonObject } from "../../tools/manifests/json";
import { stackOf } from "./support/fixtures";

const metadata = { name: "it", namespace: "there", labels: { tier: "front" } };
const others: JsonObject = {
  variable: {
    text: { type: "string" },
    count: { type: "number" },
    flag: { type: "bool" },
    list: {},
    unset: { default: "by default" },
  },
  locals: { greeting: "hello ${var.text}", nested: { deep: ["${local.greeting}!"] }, pointer: "${local.nested}" },
};
const values = { text: "world", count: "3", flag: true, list: ["a", "b"] };

/** What a string of a synthesized stack evaluates to, as text. */
function valueOf(text: string): unknown {
  const [object] = renderStack(stackOf("kubernetes_config_map_v1", { metadata, data: { value: text } }, others), {
    values,
  });
  return (object?.data as { value: string }).value;
}

test.each([
  ["no expression at all: 50% $5 $$ \\n", "no expression at all: 50% $5 $$ \\n"],
  ["$${var.text} and %%{ if }", "${var.text} and %{ if }"],
  ["${var.text}", "world"],
  ["${ var.text }", "world"],
  ["a ${var.text} b ${var.count} c ${var.flag}", "a world b 3 c true"],
  ["${var.unset}", "by default"],
  ["${local.greeting}", "hello world"],
  ["${local.nested.deep[0]}", "hello world!"],
  ['${local.nested["deep"][0]}', "hello world!"],
  ["${local.nested.deep.0}", "hello world!"],
  ["${local.pointer.deep[0]}", "hello world!"],
  ['${"a \\"quoted\\" ${var.text}\\n\\u00e4"}', 'a "quoted" world\nä'],
  ["${kubernetes_config_map_v1.it.metadata[0].name}", "it"],
  ["${kubernetes_config_map_v1.it.metadata.0.labels.tier}", "front"],
  ['${kubernetes_config_map_v1.it.metadata[0].labels["tier"]}', "front"],
  ["${kubernetes_config_map_v1.it.id}", "there/it"],
  ['${sha256("x")}', "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"],
  ['${md5("")}', "d41d8cd98f00b204e9800998ecf8427e"],
  ['${sha1("")}', "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ['${base64encode("ä")} ${base64decode("w6Q=")}', "w6Q= ä"],
  ['${join("-", ["a", var.text], var.list)}', "a-world-a-b"],
  ['${upper("a")}${lower("B")}${trimspace(" c ")}', "Abc"],
  ["${tostring(1.5)}", "1.5"],
  ["${nonsensitive(sensitive(var.text))}", "world"],
  [
    '${jsonencode({"b" = 1, a = [true, null, "<&>"], "c": {}})}',
    '{"a":[true,null,"\\u003c\\u0026\\u003e"],"b":1,"c":{}}',
  ],
  ["${(var.text)}", "world"],
  ["${-1}", "-1"],
])("%s is %s", (text, value) => {
  expect(valueOf(text)).toBe(value);
});

test("an expression alone keeps its type, so a number is not text", () => {
  const [object] = renderStack(
    stackOf(
      "kubernetes_priority_class_v1",
      { metadata: { name: "it" }, value: "${var.count}", global_default: "${var.flag}" },
      others,
    ),
    { values },
  );
  expect(object).toMatchObject({ value: 3, globalDefault: true });
});

test("expressions stand in the keys of maps too", () => {
  const [object] = renderStack(
    stackOf("kubernetes_config_map_v1", { metadata, data: { "${var.text}": "a" } }, others),
    { values },
  );
  expect(object?.data).toEqual({ world: "a" });
});

test.each([
  ["${var.missing}", "the variable missing is not declared in this stack"],
  ["${local.missing}", "nothing here is called local.missing"],
  [
    "${kubernetes_config_map_v1.other.metadata[0].name}",
    "nothing here is called kubernetes_config_map_v1.other.metadata",
  ],
  [
    "${kubernetes_config_map_v1.it.metadata[0].uid}",
    "kubernetes_config_map_v1.it.metadata[0].uid is not in the configuration, so it is known only after an apply",
  ],
  ["${data.kubernetes_nodes.all.nodes}", "nothing here is called data.kubernetes_nodes.all"],
  ["${each.value}", "nothing here is called each.value"],
  ["${path.module}", "nothing here is called path.module"],
  ["${bcrypt(var.text)}", "the function bcrypt() is not known here"],
  ["${toString(var.text)}", "the function toString() is not known here"],
  ["${constructor(var.text)}", "the function constructor() is not known here"],
  ["${var.count + 1}", "the operator + is not known here"],
  ['${var.flag ? "a" : "b"}', "the operator ? is not known here"],
  ["${var.list[*]}", "splats ([*]) are not known here"],
  ['${join(",", [for x in var.list : x])}', "for expressions are not known here"],
  ["${join(var.list...)}", "expanding arguments (...) is not known here"],
  ["%{ if var.flag }a%{ endif }", "template directives (%{ … }) are not known here"],
  ["${~ var.text }", "strip markers (~) are not known here"],
  ["${var.text", 'expected } before ""'],
  ["${}", 'unexpected "}"'],
  ["a ${var.list}", "a list where a string is wanted"],
  ["${local.circle}", "refers to itself: local.circle → local.circle"],
])("%s is refused, with where it stands: %s", (text, problem) => {
  const stack = stackOf(
    "kubernetes_config_map_v1",
    { metadata, data: { value: text } },
    { ...others, locals: { ...(others.locals as JsonObject), circle: "a ${local.circle}" } },
  );
  const render = (): unknown => renderStack(stack, { values });
  const where = text.includes("circle")
    ? "stack test, local.circle: "
    : "stack test, kubernetes_config_map_v1.it, data.value: ";
  expect(render).toThrow(where + problem);
});

test("a variable without a value is an error that says how to give it one", () => {
  const stack = stackOf("kubernetes_config_map_v1", { metadata, data: { value: "${var.text}" } }, others);
  expect(() => renderStack(stack)).toThrow(/the variable text has no value\n.*TF_VAR_text/);
  expect(() => renderStack(stack, { values: { text: ["a"] } })).toThrow(
    "the variable text is of type string, its value is not",
  );
});
