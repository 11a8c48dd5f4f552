import { spawnSync } from "node:child_process";

/** A question to a tool is answered within this time, or the tool does not work. */
const TIMEOUT_MS = 30_000;

/**
 * Asks a command something that it answers at once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, input?: string }} [options]
 * @returns {string} what it printed
 * @throws {Error} when it fails, with the last line that it said about it
 */
export function capture(command, args, { env = process.env, input = "" } = {}) {
  const options = /** @type {const} */ ({ encoding: "utf8", timeout: TIMEOUT_MS, maxBuffer: 1 << 26 });
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, { env, input, ...options });
  if (error !== undefined) {
    throw "code" in error && error.code === "ENOENT" ? new Error("it is not installed") : error;
  }
  if (status === 0) return stdout;
  throw new Error(stderr.trim().split("\n").at(-1) || `it ended with ${signal ?? `exit code ${status}`}`);
}
