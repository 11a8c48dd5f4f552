import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readJson } from "../setup/files.mjs";

/**
 * What was built last, by the variable under which the stacks know it: their default. A JSON object such as
 * `{"FRONTEND_IMAGE": "localhost/porta/frontend:0123456789ab", "PYTHON_IMAGE": "localhost/porta/python:0123456789ab"}`.
 * @param {string} root of the checkout
 */
export const recordPath = (root) => join(root, ".porta", "images.json");

/**
 * @param {string} root
 * @param {Readonly<Record<string, string>>} references those that are new; what else is recorded stays
 */
export function record(root, references) {
  const path = recordPath(root);
  const known = readJson(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...(typeof known === "object" ? known : {}), ...references }, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
