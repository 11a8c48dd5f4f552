// What asks: wrk where it is installed, since it takes less of the machine than what it measures; else autocannon.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const CONNECTIONS = 32;
const SECONDS = 3;

/**
 * @typedef {object} Load
 * @property {string} name
 * @property {(url: string, encoding: string) => Promise<{ rate: number, p99: number }>} run requests a second; p99 in ms
 */

/** @returns {Load} */
export function findLoad() {
  try {
    execFileSync("wrk", ["-v"], { stdio: "ignore" });
  } catch (error) {
    // `wrk -v` prints its version and ends with 1.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return { name: "autocannon", run: autocannon };
  }
  return { name: "wrk", run: wrk };
}

/**
 * @param {string} url
 * @param {string} encoding
 */
async function wrk(url, encoding) {
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}`, "--latency", "-H", `Accept-Encoding: ${encoding}`, url];
  const { stdout } = await promisify(execFile)("wrk", options);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`Not every answer was right:\n${stdout}`);
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const factor = { us: 0.001, ms: 1, s: 1000 }[/** @type {"us" | "ms" | "s"} */ (unit)];
  return { rate: Number(rate), p99: Number(p99) * factor };
}

/**
 * @param {string} url
 * @param {string} encoding
 */
async function autocannon(url, encoding) {
  const { default: run } = await import("autocannon");
  const result = await run({ url, connections: CONNECTIONS, duration: SECONDS, headers: { "accept-encoding": encoding } });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`Not every answer was right: ${result.non2xx + result.errors}`);
  return { rate: result.requests.average, p99: result.latency.p99 };
}
