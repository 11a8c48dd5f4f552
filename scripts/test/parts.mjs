import { existsSync } from "node:fs";
import { join } from "node:path";
import { numbaCache, propagation, python, root, venv } from "../paths.mjs";
import { jestCounts, pytestCounts } from "./counts.mjs";

/**
 * One part of the tests.
 * @typedef {object} Part
 * @property {string} name
 * @property {string} what
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {() => import("./counts.mjs").Counts} [counts] of single tests; without it the part is one check
 * @property {boolean} [live] shows what it prints while it runs
 */

/** @param {string} name */
const script = (name) => join(root, "node_modules", name);
/** @param {string} name */
const tool = (name) => join(venv, "bin", name);

/** What set-up has compiled is found by every Python that a test starts. */
const env = { NUMBA_CACHE_DIR: numbaCache };
const pythonPart = { cwd: propagation, env };

/**
 * The oldest Python that Porta supports, whose types it is checked against. Newer ones get a newer numpy from the lock, and mypy finds
 * faults in the types that numpy 2.5 declares, not in ours: there the check is listed as skipped.
 */
const TYPES_OF = "python3.11";

/**
 * @param {string} node
 * @returns {Part}
 */
function typesPart(node) {
  if (existsSync(join(venv, "lib", TYPES_OF))) {
    return { name: "mypy", what: "Python, types", command: python, args: ["-m", "mypy", "--strict"], ...pythonPart };
  }
  const counts = () => ({ passed: 0, failed: 0, skipped: 1 });
  return { name: "mypy", what: `Python, types: skipped, since they are checked with ${TYPES_OF}`, command: node, args: ["-e", ""], counts };
}

/**
 * Everything that `npm test` runs, the quick ones first.
 * @param {string} results folder for what the test runners write
 * @returns {Part[]}
 */
export function testParts(results) {
  const node = process.execPath;
  /**
   * @param {string} name
   * @param {string} what
   * @param {string[]} args
   * @returns {Part}
   */
  const jest = (name, what, args) => {
    const file = join(results, `${name}.json`);
    return {
      name,
      what,
      command: node,
      args: [script("jest/bin/jest.js"), "--json", "--outputFile", file, ...args],
      cwd: root,
      env,
      counts: () => jestCounts(file),
      live: true,
    };
  };
  return [
    { name: "eslint", what: "TypeScript and JavaScript, style", command: node, args: [script("eslint/bin/eslint.js"), "."], cwd: root },
    { name: "tsc", what: "types", command: node, args: [script("typescript/bin/tsc"), "--noEmit"], cwd: root },
    {
      name: "tsc-page",
      what: "types of the page",
      command: node,
      args: [script("typescript/bin/tsc"), "--noEmit", "-p", join("services", "frontend", "page")],
      cwd: root,
    },
    // The tools' own programs: ruff is one, and all are in an environment that set-up has just checked.
    { name: "ruff", what: "Python, style", command: tool("ruff"), args: ["check", ".", join(root, "scripts"), join(root, "images")], ...pythonPart },
    { name: "ruff-format", what: "Python, format", command: tool("ruff"), args: ["format", "--check", "."], ...pythonPart },
    typesPart(node),
    {
      name: "pytest",
      what: "physics and pool",
      command: python,
      args: ["-m", "pytest", "--junit-xml", join(results, "pytest.xml")],
      ...pythonPart,
      counts: () => pytestCounts(join(results, "pytest.xml")),
      live: true,
    },
    // Each file of these starts a whole platform or a browser: one after the other, or they starve each other.
    jest("jest", "frontend, page, stacks", ["--maxWorkers=2", "--testPathIgnorePatterns", "/node_modules/", "__tests__/(cluster|local|browser)/"]),
    ...(existsSync(join(root, "__tests__", "browser"))
      ? [jest("browser", "the page in a real browser", ["--runInBand", "__tests__/browser/"])]
      : []),
    jest("local", "npm start, end to end", ["--runInBand", "__tests__/local/"]),
  ];
}
