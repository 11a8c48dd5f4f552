// `npm test` runs everything; `npm test -- ruff pytest` only these parts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileProblem } from "./file-problem.mjs";
import { home } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { ensureChromium } from "./setup/chromium.mjs";
import { setUp } from "./setup/index.mjs";
import { Terminal } from "./terminal.mjs";
import { checkNeeds } from "./test/needs.mjs";
import { testParts } from "./test/parts.mjs";
import { forget, runPart, summarize } from "./test/run.mjs";

const NEED_A_BROWSER = ["browser", "local"];
const terminal = new Terminal();
const results = join(home, "test");

try {
  const all = testParts(results);
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !all.some((part) => part.name === name));
  if (unknown.length > 0) {
    throw new Problem(`There is no part "${unknown.join('", "')}" of the tests. There are: ${all.map(({ name }) => name).join(", ")}.`);
  }
  const parts = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  checkNeeds(parts.map(({ name }) => name));
  terminal.line(`\n  ${terminal.style("bold", "Porta")}, tests\n`);
  await setUp(terminal, { python: true, extras: ["dev", "jupyter"] });
  if (parts.some(({ name }) => NEED_A_BROWSER.includes(name))) await ensureChromium(terminal);
  forget(results);
  mkdirSync(results, { recursive: true });

  const outcomes = [];
  for (const part of parts) outcomes.push(await runPart(part, terminal));
  const sum = summarize(outcomes, terminal);
  writeFileSync(join(results, "sum.json"), JSON.stringify(sum));
  terminal.line(`\n  ${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}\n`);
  process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  const told = fileProblem(error);
  terminal.problem(told instanceof Problem ? told.message : told instanceof Error ? (told.stack ?? told.message) : String(told));
  process.exitCode = 1;
}
