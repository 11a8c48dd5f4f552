import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./errors";
import { isObject, type JsonObject } from "./json";

/** A synthesized stack: its name, and what Terraform would read. */
export interface Stack {
  readonly name: string;
  /** Stacks that are deployed before it, by name. */
  readonly dependencies: readonly string[];
  readonly json: JsonObject;
  /** Where Terraform runs, and finds values of this stack's variables. */
  readonly folder: string;
}

/**
 * The stacks of a folder that `cdktf synth` wrote, in the order in which they are deployed: dependencies
 * first, else as the app lists them.
 */
export function readSynth(folder: string): Stack[] {
  const path = join(folder, "manifest.json");
  if (!existsSync(path))
    throw new UsageError(
      `${path} is not there.`,
      "Run `npm run synth` first, or name the folder of a synthesis with --synth.",
    );
  const { stacks } = readJson(path) as { stacks?: JsonObject };
  if (!isObject(stacks)) throw new UsageError(`${path} lists no stacks.`, "Run `npm run synth` again.");
  const found = Object.entries(stacks as Record<string, { synthesizedStackPath: string; dependencies?: string[] }>).map(
    ([name, { synthesizedStackPath, dependencies }]): Stack => ({
      name,
      dependencies: dependencies ?? [],
      json: readJson(join(folder, synthesizedStackPath)),
      folder: join(folder, dirname(synthesizedStackPath)),
    }),
  );
  return inOrder(found);
}

function inOrder(stacks: readonly Stack[]): Stack[] {
  const ordered: Stack[] = [];
  const place = (stack: Stack, above: readonly string[]): void => {
    if (ordered.includes(stack)) return;
    if (above.includes(stack.name))
      throw new UsageError(`Stacks depend on each other: ${[...above, stack.name].join(" → ")}.`, "Break it up.");
    for (const name of stack.dependencies) {
      const dependency = stacks.find((other) => other.name === name);
      if (dependency === undefined)
        throw new UsageError(
          `Stack ${stack.name} depends on ${name}, which was not synthesized.`,
          "Run `npm run synth` again.",
        );
      place(dependency, [...above, stack.name]);
    }
    ordered.push(stack);
  };
  for (const stack of stacks) place(stack, []);
  return ordered;
}

/** A JSON file with an object in it. */
export function readJson(path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (problem) {
    throw new UsageError(`${path} cannot be read: ${(problem as Error).message}`, "It has to be a JSON file.");
  }
  if (!isObject(value)) throw new UsageError(`${path} holds no JSON object.`, "It has to be an object at its top.");
  return value as JsonObject;
}
