import { kinds, literalKind, literalMembers } from "../../tools/manifests/kinds";
import { inTreeDrivers } from "../../tools/manifests/tables/volume";
import type { Block, Field } from "../../tools/manifests/tables/field";
import { providerSchema, type Schema, type SchemaAttribute, type SchemaBlock } from "./support/fixtures";

/** Endpoint slices are made by Services; nobody should have to write one. */
const withoutTable = ["kubernetes_endpoint_slice_v1"];
const tables = Object.entries(kinds).map(([type, kind]): [string, Block] => [type, kind.block]);

test("every resource of the provider's schema has a table", () => {
  expect([...Object.keys(kinds), literalKind, ...withoutTable].sort()).toEqual(Object.keys(providerSchema).sort());
});

test.each(tables)("%s: the table has every attribute and block of the provider, and none besides", (type, table) => {
  expect(namesOf(table)).toEqual(namesIn(providerSchema[type] as Schema));
});

test.each(tables)("%s: the table's types are the provider's", (type, table) => {
  expect(mismatches(table, providerSchema[type] as Schema, type)).toEqual([]);
});

test("a literal manifest's members are the provider's, but for what the cluster answers", () => {
  expect([...literalMembers, "object"].sort()).toEqual(Object.keys(providerSchema[literalKind] as Schema).sort());
});

/** Every path of a table; below what is ignored or refused nothing is asked for. */
function namesOf({ fields }: Block, above = ""): string[] {
  return Object.entries(fields)
    .flatMap(([name, field]) => [
      above + name,
      ...("of" in field && typeof field.of === "object" ? namesOf(field.of, `${above}${name}.`) : []),
    ])
    .sort();
}

function namesIn(schema: Schema, above = ""): string[] {
  return Object.entries(schema)
    .filter(([name, member]) => !(isAttribute(member) && (member[1] === "computed" || (name === "id" && above === ""))))
    .flatMap(([name, member]) => {
      const leaf =
        isAttribute(member) || name === "timeouts" || Object.hasOwn(inTreeDrivers, name) || isRefused(above + name);
      return [above + name, ...(leaf ? [] : namesIn((member as SchemaBlock).block, `${above}${name}.`))];
    })
    .sort();
}

/** Volumes that a pod cannot have, though the provider's schema lists them. */
function isRefused(path: string): boolean {
  return /(^|\.)volume\.(git_repo|local)$/.test(path);
}

function isAttribute(member: SchemaAttribute | SchemaBlock): member is SchemaAttribute {
  return Array.isArray(member);
}

/** Lists to Kubernetes of which the provider lets one item be written. */
const listsOfOne = new Set(["allowed_topologies", "downward_api", "service_account_token"]);

function mismatches({ fields }: Block, schema: Schema, path: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const member = schema[name];
    if (member === undefined || field.kind === "ignored" || field.kind === "refused") return [];
    if (!isAttribute(member)) {
      if (!("of" in field) || typeof field.of !== "object") return [`${path}.${name} is a block`];
      const wrong = field.kind === "blocks" && member.max === 1 && !listsOfOne.has(name);
      const unordered = field.kind === "blocks" && (member.nesting === "set") !== (field.set !== undefined);
      return [
        ...(wrong ? [`${path}.${name} is one block`] : []),
        ...(unordered ? [`${path}.${name}: set or list`] : []),
        ...mismatches(field.of, member.block, `${path}.${name}`),
      ];
    }
    return JSON.stringify(member[0]) === JSON.stringify(typeOf(field))
      ? []
      : [`${path}.${name}: ${JSON.stringify(typeOf(field))}, not ${JSON.stringify(member[0])}`];
  });
}

function typeOf(field: Field): unknown {
  if (field.kind === "value") return field.type;
  if (field.kind === "map") return ["map", "string"];
  return field.kind === "list" ? [field.set === undefined ? "list" : "set", field.of] : field.kind;
}
