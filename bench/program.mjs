import { spawn } from "node:child_process";
import { environmentFor } from "../scripts/process/environment.mjs";

/**
 * A measurement, beside what it is compared with in the same run.
 * @typedef {object} Row
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {string | number} [goal] as a person would write it: "≤ 50", "≥ 85 %"
 * @property {{ name: string, value: number, unit?: string } | string | number | null} [beside]
 * @property {number | null} [ratio] value to beside
 * @property {string} [why] why the goal is missed, where it is: what is known to stand between
 */

/**
 * Runs a program and collects the rows that it prints; other lines go to the terminal's error output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Row[]>}
 */
export function measure(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...environmentFor("tests"), ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaint = "";
    child.stdout.on("data", (/** @type {Buffer} */ data) => void (output += data.toString()));
    child.stderr.on("data", (/** @type {Buffer} */ data) => void (complaint = (complaint + data.toString()).slice(-4000)));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) {
        reject(new Error(`ended with exit code ${code}\n${complaint.trimEnd()}`));
        return;
      }
      const rows = output.split("\n").filter((line) => line.startsWith("{"));
      resolve(rows.map((line) => /** @type {Row} */ (JSON.parse(line))));
    });
  });
}
