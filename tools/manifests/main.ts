import { readArguments, USAGE } from "./arguments";
import { renderApp } from "./app";
import { RenderError, UsageError } from "./errors";
import { writeFiles } from "./files";
import { readJson, readSynth, type Stack } from "./synth";
import { findValues } from "./variables";

/** The command line: 0 where everything was rendered, 1 and nothing written where anything was not. */
function main(given: readonly string[]): number {
  try {
    const { out, synth, stacks: names, fill, secrets, help } = readArguments(given);
    if (help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const values = { ...findValues(process.cwd(), process.env), ...(secrets === undefined ? {} : readJson(secrets)) };
    const all = readSynth(synth);
    const notes: string[] = [];
    const files = renderApp(all, { values, fill, note: (text) => notes.push(text) }, chosen(all, names));
    writeFiles(out, files, names);
    for (const { name } of files) process.stdout.write(`${out}/${name}\n`);
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
    return 0;
  } catch (problem) {
    if (!(problem instanceof RenderError) && !(problem instanceof UsageError)) throw problem;
    process.stderr.write(`manifests: ${problem.message}\n`);
    return 1;
  }
}

/** The names of the stacks to write: all, or those asked for. */
function chosen(stacks: readonly Stack[], names: readonly string[]): ReadonlySet<string> {
  const known = stacks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no stack ${unknown}.`, `There are ${known.join(", ")}.`);
  return new Set(names.length === 0 ? known : names);
}

process.exitCode = main(process.argv.slice(2));
