import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} path
 * @returns {unknown} undefined if it is not there or not JSON
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path of a file or folder; folders with all that is in them, but for what tools leave behind
 * @returns {string[]} sorted
 */
function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !["node_modules", "dist", "__pycache__"].includes(name) && !name.startsWith("."))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * @param {readonly string[]} paths
 * @returns {string} changes when a byte in any of these files or folders does
 */
export function contentHash(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/**
 * @param {readonly string[]} paths
 * @returns {string} changes when one of these files is written, as numba looks at it
 */
export function writtenHash(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file}\0${mtimeMs}\0${size}\0`);
  }
  return hash.digest("hex");
}
