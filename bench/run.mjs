// `npm run bench` measures everything; `npm run bench -- kernel page` only these. Each program prints a line of JSON per
// row: {"name", "value", "unit", "goal"?, "beside"?: {"name", "value", "unit"?}, "ratio"?, "why"?}.
// Goals are shown, and fail nothing; below the table stands what misses its goal, by how much, and why.
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, extname, join } from "node:path";
import { fileProblem } from "../scripts/file-problem.mjs";
import { frontend, numbaCache, propagation, python, root } from "../scripts/paths.mjs";
import { Problem } from "../scripts/problem.mjs";
import { setUp } from "../scripts/setup/index.mjs";
import { Terminal } from "../scripts/terminal.mjs";
import { measure } from "./program.mjs";
import { table } from "./table.mjs";

/** Where programs are; what starts with an underscore is not one, nor is this runner. */
const FOLDERS = [join(propagation, "bench"), join(frontend, "bench"), import.meta.dirname];
const NO_PROGRAMS = ["run", "program", "table", "platform"];

/** @returns {Map<string, { command: string, args: string[] }>} by name */
function programs() {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .filter((name) => /^[a-z][a-z-]*\.(py|mjs)$/.test(name))
      .map((name) => join(folder, name)),
  );
  return new Map(
    files
      .map((file) => /** @type {const} */ ([basename(file, extname(file)), file]))
      .filter(([name]) => !NO_PROGRAMS.includes(name))
      .map(([name, file]) => [name, { command: file.endsWith(".py") ? python : process.execPath, args: [file] }]),
  );
}

const terminal = new Terminal();
try {
  const all = programs();
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !all.has(name));
  if (unknown.length > 0) {
    throw new Problem(`There is no bench "${unknown.join('", "')}". There are: ${[...all.keys()].join(", ")}.`);
  }
  terminal.line(`\n  ${terminal.style("bold", "Porta")}, measured on ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}\n`);
  await setUp(terminal, { python: true });
  const rows = [];
  const failures = [];
  for (const [name, { command, args }] of all) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      rows.push(
        ...(await terminal.step(name, () => measure(command, args, { cwd: root, env: { NUMBA_CACHE_DIR: numbaCache } }))),
      );
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  terminal.line(`\n${table(rows, terminal)}\n`);
  if (failures.length > 0) throw new Problem(failures.join("\n"));
} catch (error) {
  const told = fileProblem(error);
  terminal.problem(told instanceof Problem ? told.message : told instanceof Error ? (told.stack ?? told.message) : String(told));
  process.exitCode = 1;
}
