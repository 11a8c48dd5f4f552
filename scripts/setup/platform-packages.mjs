import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { environmentFor } from "../process/environment.mjs";

/**
 * What a lock file says of the machines that a package is for.
 * @typedef {{ os?: string[], cpu?: string[], libc?: string[] }} Constraints
 */

/** The C library that this Node runs on: packages for Linux come for one of two. The files that the process has mapped tell, in a millisecond. */
const libc = process.platform !== "linux" ? undefined : /\/ld-musl-/.test(readFileSync("/proc/self/maps", "utf8")) ? "musl" : "glibc";

/** What npm is told to install for, whatever a configuration file says. */
export const PLATFORM_FLAGS = [`--os=${process.platform}`, `--cpu=${process.arch}`, ...(libc === undefined ? [] : [`--libc=${libc}`])];

/**
 * @param {readonly string[] | undefined} list as npm reads it: names, or names that are excluded with a "!"
 * @param {string | undefined} value
 */
function allows(list, value) {
  if (list === undefined || value === undefined) return true;
  if (list.includes(`!${value}`)) return false;
  const names = list.filter((name) => !name.startsWith("!"));
  return names.length === 0 || names.includes(value) || names.includes("any");
}

/**
 * @param {Constraints} constraints
 * @returns {boolean} whether a package is made for machines like this one, and not for others: it holds what is native of another package
 */
export function isForThisPlatform({ os, cpu, libc: library }) {
  if (os === undefined && cpu === undefined) return false;
  return allows(os, process.platform) && allows(cpu, process.arch) && allows(library, libc);
}

/** Loading a file takes milliseconds; on a machine that is busy, seconds. */
const LOAD_MS = 60_000;

/**
 * Loads what is native in packages: a file can be there and be of another platform, another Node, or half a file.
 * @param {readonly string[]} folders of packages that are made for this platform
 * @returns {boolean} whether all of it loads
 */
export function nativesLoad(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && (entry.name.endsWith(".node") || /(^|\/)bin$/.test(entry.parentPath)))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  // In a process of its own: a library of another platform can end the one that loads it.
  const code = `
    const { execFileSync } = require("node:child_process");
    for (const file of process.argv.slice(1)) file.endsWith(".node") ? require(file) : execFileSync(file, ["--version"]);`;
  try {
    execFileSync(process.execPath, ["-e", code, "--", ...files], { env: environmentFor("installer"), stdio: "ignore", timeout: LOAD_MS });
    return true;
  } catch {
    return false;
  }
}
