import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { settingsOfParts } from "./process/environment.mjs";
import { portVariables } from "./settings.mjs";

/** Every variable that `npm start`, or a part that it starts, reads as a setting. */
export const settingsOfStart = [
  ...Object.values(portVariables).map(({ variable }) => variable),
  ...["PORTA_HOME", "PORTA_PYTHON", "PORTA_WORKERS", "REDIS_MAXMEMORY", "REDIS_ADDR", "DASK_SCHEDULER", "DISPATCH_URL", "HOST", "PORTA_DISPATCH_HOST"],
  ...settingsOfParts,
];

/** Variables with our prefix that are no settings of `npm start`: the launcher or Kubernetes gives them to a part, or `npm run images` reads them. */
const OTHERS = ["PORTA_DASHBOARD", "PORTA_DRAIN_SECONDS", "PORTA_IMAGE_TOOL"];
const OF_TESTS = "PORTA_TEST_";

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} in words: each variable that looks like a setting of ours and is none
 */
export function misspelt(env) {
  return Object.keys(env)
    .filter((name) => name.startsWith("PORTA_") && !name.startsWith(OF_TESTS) && ![...settingsOfStart, ...OTHERS].includes(name))
    .map((name) => `${name} is not a setting of Porta, and is ignored.${suggestion(name, settingsOfStart)}`);
}

/** Settings that the stacks have too, and read from `.env`. */
const OF_STACKS = ["MAX_STEPS", "MAX_RUNS", "MAX_ENSEMBLE_STEPS", "REDIS_MAXMEMORY"];

/**
 * @param {string} [folder]
 * @returns {string[]} in words: that settings of `npm start` are in `.env`, which only the stacks read
 */
export function settingsInEnvFile(folder = root) {
  let text;
  try {
    text = readFileSync(join(folder, ".env"), "utf8");
  } catch {
    return []; // there is none
  }
  const names = settingsOfStart.filter((name) => !OF_STACKS.includes(name) && new RegExp(`^[^\\w#]*(export\\s+)?${name}\\s*=`, "m").test(text));
  if (names.length === 0) return [];
  return [`npm start does not read .env, and so not ${names.join(", ")}. Set it in the environment: ${names[0]}=… npm start`];
}

/**
 * @param {string} name
 * @param {readonly string[]} names
 * @returns {string} a question with the nearest of the names, or nothing where none is near
 */
export function suggestion(name, names) {
  const upper = name.toUpperCase();
  const [best] = names.map((other) => ({ other, edits: distance(upper, other) })).sort((one, two) => one.edits - two.edits);
  return best !== undefined && best.edits <= Math.max(2, upper.length / 4) ? ` Is ${best.other} meant?` : "";
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} of letters to add, remove, replace or swap with their neighbour
 */
function distance(one, other) {
  let [before, row] = [/** @type {number[]} */ ([]), Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = /** @type {number} */ (row[j - 1]) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(/** @type {number} */ (row[j]) + 1, /** @type {number} */ (next[j - 1]) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return /** @type {number} */ (row[other.length]);
}
