import { resolve } from "node:path";
import { readArguments, USAGE } from "./arguments";
import { renderApp } from "./app";
import { RenderError, UsageError, type Place } from "./errors";
import { writeFiles } from "./files";
import { UNKNOWN_ANNOTATION } from "./render";
import { readJson, readSynth, type Stack } from "./synth";
import { findValues } from "./variables";

/** Where the command runs, and whom it tells. */
export interface Surroundings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command line: 0 where everything was rendered, 1 and nothing written where anything was not. */
export function manifests(given: readonly string[], { folder, environment, out, err }: Surroundings): number {
  try {
    const wanted = readArguments(given);
    if (wanted.help) {
      out(USAGE);
      return 0;
    }
    const { fill, secrets } = wanted;
    const stacks = readSynth(resolve(folder, wanted.synth));
    const values = {
      ...findValues([...stacks.map((stack) => stack.folder), folder], environment),
      ...(secrets === undefined ? {} : readJson(resolve(folder, secrets))),
    };
    const unknown: Place[] = [];
    const files = renderApp(
      stacks,
      { values, fill, note: (place) => unknown.push(place) },
      chosen(stacks, wanted.stacks),
    );
    writeFiles(resolve(folder, wanted.out), files, wanted.stacks);
    for (const { name } of files) out(`${wanted.out}/${name}\n`);
    if (unknown.length > 0 && !fill) err(remark(unknown));
    return 0;
  } catch (problem) {
    if (!(problem instanceof RenderError) && !(problem instanceof UsageError)) throw problem;
    err(`manifests: ${problem.message}\n`);
    return 1;
  }
}

function remark(places: readonly Place[]): string {
  const stacks = [...new Set(places.map(({ stack }) => stack))].join(", ");
  return `note: ${places.length} annotations in ${stacks} depend on secrets and read "${UNKNOWN_ANNOTATION}": a changed
  secret does not roll the pods that carry them. With --fill they are computed, and the files without "secrets" in
  their names hold no secret even then; otherwise roll the pods yourself: kubectl rollout restart.\n`;
}

/** The names of the stacks to write: all, or those asked for. */
function chosen(stacks: readonly Stack[], names: readonly string[]): ReadonlySet<string> {
  const known = stacks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no stack ${unknown}.`, `There are ${known.join(", ")}.`);
  return new Set(names.length === 0 ? known : names);
}
