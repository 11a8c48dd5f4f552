import { readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {string} file as `jest --json` writes it
 * @returns {Counts}
 */
export function jestCounts(file) {
  const report = /** @type {Record<string, number>} */ (JSON.parse(readFileSync(file, "utf8")));
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, numRuntimeErrorTestSuites = 0 } = report;
  // A file that could not even be loaded has no tests to count: it is one failure.
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests + numTodoTests };
}

/**
 * @param {string} file as `pytest --junit-xml` writes it
 * @returns {Counts}
 */
export function pytestCounts(file) {
  const suite = /<testsuite [^>]*>/.exec(readFileSync(file, "utf8"))?.[0] ?? "";
  /** @param {string} name */
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") };
}
