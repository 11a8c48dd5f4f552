import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { environmentFor } from "../process/environment.mjs";
import { seconds } from "../terminal.mjs";

/**
 * @typedef {import("./parts.mjs").Part} Part
 * @typedef {import("./counts.mjs").Counts} Counts
 * @typedef {{ part: Part, counts: Counts, ok: boolean, ms: number }} Outcome
 */

/**
 * Runs one part. What a test runner says is shown as it says it; what a linter says only if it has something to say.
 * @param {Part} part
 * @param {import("../terminal.mjs").Terminal} terminal
 * @returns {Promise<Outcome>}
 */
export async function runPart(part, terminal) {
  const began = performance.now();
  if (part.live) terminal.line(`\n  ${terminal.style("bold", part.name)}: ${part.what}\n`);
  const code = part.live ? (await execute(part)).code : await quietly(part, terminal);
  const ms = performance.now() - began;
  const counts = countsOf(part, code === 0);
  return { part, counts, ok: code === 0 && counts.failed === 0, ms };
}

/**
 * @param {Part} part
 * @param {import("../terminal.mjs").Terminal} terminal
 * @returns {Promise<number>}
 */
async function quietly(part, terminal) {
  let output = "";
  try {
    await terminal.step(`${part.name}: ${part.what}`, async () => {
      const { code, said } = await execute(part);
      output = said;
      if (code !== 0) throw new Error(part.name);
    });
    return 0;
  } catch {
    terminal.line(output.replaceAll(/^/gm, "    "));
    return 1;
  }
}

/**
 * @param {Part} part
 * @param {boolean} ok
 * @returns {Counts}
 */
function countsOf(part, ok) {
  const one = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  if (part.counts === undefined) return one;
  try {
    const counts = part.counts();
    // A runner that fails without a failed test has failed as a whole: a threshold, a warning, a crash.
    return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } catch {
    return { ...one, passed: 0, failed: 1 }; // it has not come as far as to write its report
  }
}

/**
 * @param {Part} part
 * @returns {Promise<{ code: number, said: string }>}
 */
function execute({ command, args, cwd, env, live }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...environmentFor("tests"), ...env },
      stdio: ["ignore", live ? "inherit" : "pipe", live ? "inherit" : "pipe"],
    });
    let said = "";
    const note = (/** @type {Buffer} */ data) => void (said += data.toString());
    child.stdout?.on("data", note);
    child.stderr?.on("data", note);
    child.once("error", (error) => resolve({ code: 1, said: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, said }));
  });
}

/**
 * @param {Outcome[]} outcomes
 * @param {import("../terminal.mjs").Terminal} terminal
 * @returns {Counts}
 */
export function summarize(outcomes, terminal) {
  terminal.line("");
  for (const { part, counts, ok, ms } of outcomes) {
    const mark = ok ? terminal.style("green", "✓") : terminal.style("red", "✗");
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
    const numbers = part.counts === undefined ? "" : `${counts.passed} passed, ${counts.failed} failed${skipped}`;
    terminal.line(`  ${mark} ${part.name.padEnd(12)} ${numbers.padEnd(36)} ${seconds(ms)}`);
  }
  return outcomes.reduce(
    (sum, { counts }) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** @param {string} results */
export function forget(results) {
  rmSync(results, { recursive: true, force: true });
}
