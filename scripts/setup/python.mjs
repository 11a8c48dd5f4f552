import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "../problem.mjs";

/** The least Python that the locked packages are made for. */
const LEAST = [3, 11];

/** The newest that they are made for. With a newer one they may have to be compiled: taken only if there is no other. */
const NEWEST = [3, 14];

/** Versions by name first come where the machine's own `python3` is too old. */
const NAMES = ["python3", "python", "python3.13", "python3.12", "python3.14", "python3.11"];

/**
 * @typedef {object} Interpreter
 * @property {string} command
 * @property {string} version
 * @property {boolean} venv whether it can make a virtual environment with pip in it
 */

/**
 * @param {string} version
 * @returns {boolean}
 */
export function isNewEnough(version) {
  return compare(version, LEAST) >= 0;
}

/**
 * @param {string} version
 * @param {number[]} other
 * @returns {number} less than, equal to or greater than 0, by major and minor number
 */
function compare(version, other) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other;
  return major - otherMajor || minor - otherMinor;
}

/**
 * @param {string} command
 * @returns {Interpreter | undefined}
 */
function inspect(command) {
  const code =
    "import sys, importlib.util as u; print('.'.join(map(str, sys.version_info[:3])), all(map(u.find_spec, ('venv', 'ensurepip'))))";
  try {
    const text = execFileSync(command, ["-I", "-c", code], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 });
    const [version = "", venv] = text.trim().split(" ");
    return { command, version, venv: venv === "True" };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @returns {string | undefined} the program of that name on PATH
 */
export function onPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Finds the Python to make the environment with: PORTA_PYTHON, else the first on PATH that is new enough and can.
 * @param {{ withUv: boolean }} options uv makes environments for any Python, also for one without ensurepip
 * @returns {string}
 * @throws {Problem} that lists what was found and says how to get what is missing
 */
export function findPython({ withUv }) {
  const chosen = process.env.PORTA_PYTHON;
  const names = chosen ? [chosen] : NAMES;
  /** @type {Interpreter[]} */
  const found = [];
  for (const name of names) {
    const interpreter = inspect(name);
    if (interpreter === undefined) continue;
    const good = isNewEnough(interpreter.version) && (withUv || interpreter.venv);
    if (good && (chosen || compare(interpreter.version, NEWEST) <= 0)) return interpreter.command;
    found.push(interpreter);
  }
  const tooNew = found.find(({ version, venv }) => isNewEnough(version) && (withUv || venv));
  if (tooNew !== undefined) return tooNew.command;
  const least = LEAST.join(".");
  if (chosen) {
    const seen = found[0] === undefined ? "does not run" : `is Python ${found[0].version}${found[0].venv ? "" : " without venv"}`;
    throw new Problem(`PORTA_PYTHON is "${chosen}", which ${seen}. Porta needs Python ${least} or newer; set it to one, or unset it.`);
  }
  const lame = found.find(({ version }) => isNewEnough(version));
  if (lame !== undefined) {
    const short = lame.version.split(".").slice(0, 2).join(".");
    throw new Problem(
      `Python ${lame.version} (${lame.command}) cannot make virtual environments: its venv or ensurepip is missing.\n` +
        `On Debian and Ubuntu: sudo apt install python${short}-venv\n` +
        "Or install uv, which needs neither: https://docs.astral.sh/uv/getting-started/installation/",
    );
  }
  const seen = found.map(({ command, version }) => `${command} is ${version}`).join(", ") || "none is on PATH";
  throw new Problem(
    `Porta needs Python ${least} or newer: ${seen}.\n` +
      "Install one (https://www.python.org/downloads/, or sudo apt install python3 python3-venv), or name it: PORTA_PYTHON=/path/to/python3 npm start",
  );
}
