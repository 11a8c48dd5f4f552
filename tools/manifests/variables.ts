import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RenderError, UsageError, type Place } from "./errors";
import { isObject } from "./json";
import { Sealed } from "./secret";
import { readJson } from "./synth";

/** Values of Terraform variables, by name. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The values that Terraform itself would find, later ones winning: `TF_VAR_…`, and in each folder terraform.tfvars.json and
 * *.auto.tfvars.json in the order of their names.
 *
 * @param folders Those of the stacks, then the project's, whose files cdktf passes on to every stack.
 */
export function findValues(folders: readonly string[], environment: Readonly<Record<string, string | undefined>>): Values {
  const prefix = "TF_VAR_";
  const fromEnvironment = Object.entries(environment).filter(
    ([name, value]) => name.startsWith(prefix) && value !== undefined,
  );
  const environmental: Values = Object.fromEntries(
    fromEnvironment.map(([name, value]) => [name.slice(prefix.length), value]),
  );
  return folders.flatMap(filesIn).reduce((values, path) => ({ ...values, ...readJson(path) }), environmental);
}

function filesIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const unreadable = names.find((name) => name === "terraform.tfvars" || name.endsWith(".auto.tfvars"));
  if (unreadable !== undefined)
    throw new UsageError(
      `${join(folder, unreadable)} is not JSON, so Terraform reads it and this tool cannot.`,
      `Write it as ${unreadable}.json.`,
    );
  return [
    ...names.filter((name) => name === "terraform.tfvars.json"),
    ...names.filter((name) => name.endsWith(".auto.tfvars.json")),
  ].map((name) => join(folder, name));
}

/**
 * A stack's variable: the value given, else its default. A sensitive one stays sealed unless secrets are to be
 * filled in.
 */
export function variableValue(
  name: string,
  declaration: unknown,
  values: Values,
  fill: boolean,
  place: Place,
): unknown {
  if (!isObject(declaration)) throw new RenderError(place, `the variable ${name} is not declared in this stack`);
  if (declaration.sensitive === true && !fill) return new Sealed([name]);
  const value = Object.hasOwn(values, name) ? values[name] : declaration.default;
  if (value === undefined)
    throw new RenderError(
      place,
      `the variable ${name} has no value`,
      `Set TF_VAR_${name}, or give it in a *.auto.tfvars.json file.`,
    );
  return typed(value, declaration.type, name, place);
}

function typed(value: unknown, type: unknown, name: string, place: Place): unknown {
  if (value === null || typeof type !== "string") return value;
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (type === "number" && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  if (type === "bool" && (value === "true" || value === "false")) return value === "true";
  const wanted = { string: "string", number: "number", bool: "boolean" }[type];
  if (wanted !== undefined && typeof value !== wanted)
    throw new RenderError(place, `the variable ${name} is of type ${type}, its value is not`);
  return value;
}
