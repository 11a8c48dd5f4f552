import { isDeepStrictEqual } from "node:util";
import { kinds } from "../../tools/manifests/kinds";
import { renderStack } from "../../tools/manifests/stack";
import { camelCase, type Block, type Field } from "../../tools/manifests/tables/field";
import { access } from "./cases/access";
import { configuration } from "./cases/configuration";
import { containers } from "./cases/containers";
import { network } from "./cases/network";
import { pods } from "./cases/pods";
import { scaling } from "./cases/scaling";
import { storage } from "./cases/storage";
import { volumes } from "./cases/volumes";
import { workloads } from "./cases/workloads";
import { stackOf } from "./support/fixtures";
import type { Case } from "./cases/case";

const cases: readonly Case[] = [
  ...containers,
  ...pods,
  ...volumes,
  ...workloads,
  ...network,
  ...configuration,
  ...access,
  ...storage,
  ...scaling,
];

/** The one object that a case's resource becomes, without the two fields that its type alone decides. */
function rendered({ type, given }: Case): unknown {
  const [object] = renderStack(stackOf(type, given));
  return Object.fromEntries(
    Object.entries(object ?? {}).filter(([field]) => field !== "apiVersion" && field !== "kind"),
  );
}

test.each(cases.map((one) => [one.title, one] as const))("%s", (_, one) => {
  expect(rendered(one)).toStrictEqual(one.made);
});

test("every resource that the tables know has a case", () => {
  const bare = new Set([...cases.map(({ type }) => type), "kubernetes_manifest"]);
  expect(Object.keys(kinds).filter((type) => !bare.has(type))).toEqual([]);
});

/**
 * Every rule of the tables in turn is taken out, and at least one case has to notice: a rule that none notices
 * is either not needed or not tested.
 */
test("no rule of the tables can be taken out unnoticed", () => {
  const seen = new Set<object>();
  const rules = Object.entries(kinds).flatMap(([type, { block }]) => rulesOf(block, type, seen));
  expect(rules.length).toBeGreaterThan(150);
  expect(cases.filter((one) => !same(one)).map(({ title }) => title)).toEqual([]);
  const unnoticed = rules.filter((rule) => {
    rule.takeOut();
    const noticed = cases.some((one) => !same(one));
    rule.putBack();
    return !noticed;
  });
  expect([...new Set(unnoticed.map(({ name }) => name))]).toEqual([]);
});

function same(one: Case): boolean {
  try {
    return isDeepStrictEqual(rendered(one), one.made);
  } catch {
    return false;
  }
}

interface Rule {
  readonly name: string;
  takeOut(): void;
  putBack(): void;
}

const options = ["default", "sent", "convert", "set", "split", "encode", "name"] as const;

function rulesOf(block: Block, path: string, seen: Set<object>): Rule[] {
  if (seen.has(block)) return [];
  seen.add(block);
  const own = block.adjust === undefined ? [] : [rule(block as unknown as Record<string, unknown>, "adjust", path)];
  return Object.entries(block.fields).reduce<Rule[]>((rules, [member, field]) => {
    const at = `${path}.${member}`;
    const inner = "of" in field && typeof field.of === "object" ? rulesOf(field.of, at, seen) : [];
    if (seen.has(field)) return [...rules, ...inner];
    seen.add(field);
    return [
      ...rules,
      ...options
        .filter((option) => isRule(field, member, option))
        .map((option) => rule(field as unknown as Record<string, unknown>, option, at)),
      ...inner,
    ];
  }, own);
}

/** A name that is the member's own in camelCase is none. */
function isRule(field: Field, member: string, option: (typeof options)[number]): boolean {
  const value = (field as unknown as Record<string, unknown>)[option];
  return value !== undefined && !(option === "name" && value === camelCase(member));
}

function rule(holder: Record<string, unknown>, option: string, path: string): Rule {
  const value = holder[option];
  return {
    name: `${path}: ${option}`,
    takeOut: () => (holder[option] = undefined),
    putBack: () => (holder[option] = value),
  };
}
