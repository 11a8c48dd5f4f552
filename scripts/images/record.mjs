import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

/**
 * What was built last, a line for each image, by the variable under which the stacks know it: their default.
 * @param {string} root of the checkout
 */
export const recordPath = (root) => join(root, ".porta", "images.env");

/**
 * @param {string} root
 * @param {Readonly<Record<string, string>>} references those that are new; what else is recorded stays
 */
export function record(root, references) {
  const path = recordPath(root);
  const known = existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
  mkdirSync(dirname(path), { recursive: true });
  const lines = Object.entries({ ...known, ...references }).map(([name, reference]) => `${name}=${reference}\n`);
  writeFileSync(`${path}.new`, lines.join(""));
  renameSync(`${path}.new`, path);
}
