import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numbaCache, propagation, python, venv } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { runCommand } from "./command.mjs";
import { readJson, writtenHash } from "./files.mjs";
import { findPython, isNewEnough, onPath } from "./python.mjs";

/**
 * What an environment was made from, noted in it when it was complete.
 * @typedef {object} Stamp
 * @property {string} folder scripts and the package's own link hold it: a moved environment is a broken one
 * @property {Record<string, string>} locks hashes of the lock files that it holds, by name
 * @property {string} project
 * @property {string[]} packages names and versions of all that is installed
 */

/**
 * What may be in it beyond what every platform here needs: the tools for tests, JupyterLab.
 * @typedef {"dev" | "jupyter"} Extra
 */

const stampFile = join(venv, "porta.json");
const ownUv = join(venv, "bin", "uv");
const ownPip = join(venv, "bin", "pip");
const WAY_OUT = "Then type the same command again. To begin afresh: rm -rf .venv";

/** @param {string} name */
const lockFile = (name) => join(propagation, name);

/** @param {string} path */
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** @returns {string[]} */
function installedPackages() {
  try {
    const lib = join(venv, "lib");
    return readdirSync(lib)
      .flatMap((name) => readdirSync(join(lib, name, "site-packages")))
      .filter((name) => name.endsWith(".dist-info"))
      .sort();
  } catch {
    return [];
  }
}

/**
 * @param {Iterable<string>} locks names of lock files
 * @returns {Stamp}
 */
function stamp(locks) {
  return {
    folder: venv,
    locks: Object.fromEntries([...locks].map((name) => [name, sha256(lockFile(name))])),
    project: sha256(join(propagation, "pyproject.toml")),
    packages: installedPackages(),
  };
}

const BASE = "requirements.lock";

/** @param {readonly Extra[]} extras */
const locksOf = (extras) => [BASE, ...extras.map((extra) => `requirements-${extra}.lock`)];

/**
 * @typedef {"complete" | "stale" | "broken" | "absent"} Condition
 * stale: can be mended in place; broken: has to be made anew
 */

/**
 * @param {readonly Extra[]} extras what has to be there; more may
 * @returns {Condition}
 */
export function venvCondition(extras) {
  if (!existsSync(venv)) return "absent";
  if (!interpreterRuns()) return "broken";
  const have = /** @type {Stamp | undefined} */ (readJson(stampFile));
  if (have === undefined) return "stale";
  if (have.folder !== venv) return "broken";
  const want = stamp(locksOf(extras));
  const same =
    Object.entries(want.locks).every(([name, hash]) => have.locks?.[name] === hash) &&
    have.project === want.project &&
    have.packages.join() === want.packages.join();
  return same ? "complete" : "stale";
}

function interpreterRuns() {
  try {
    const code = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.prefix)";
    const text = execFileSync(python, ["-I", "-c", code], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 });
    const [version = "", ...prefix] = text.trim().split(" ");
    return isNewEnough(version) && realpathSync(prefix.join(" ")) === realpathSync(venv);
  } catch {
    return false; // removed or upgraded under it
  }
}

/**
 * Makes the environment what the lock files say: mended where it can be, else made anew.
 * @param {readonly Extra[]} extras what has to be there beyond what every platform needs
 */
export async function installVenv(extras) {
  const condition = venvCondition(extras);
  // What an earlier command has brought stays when this one does not ask for it.
  const before = condition === "stale" ? /** @type {Stamp | undefined} */ (readJson(stampFile)) : undefined;
  const locks = new Set([...locksOf(extras), ...Object.keys(before?.locks ?? {}).filter((name) => existsSync(lockFile(name)))]);
  rmSync(stampFile, { force: true });

  const uv = onPath("uv");
  if (condition !== "stale" || (uv === undefined && !existsSync(ownUv) && !existsSync(ownPip))) await create(uv);
  if (uv === undefined && !existsSync(ownUv)) await installUv();

  const command = uv ?? ownUv;
  // Relative paths from there: uv reads a # in a path as the end of a URL's.
  const options = { name: "python-packages", cwd: propagation, installs: true, wayOut: WAY_OUT };
  // Not `sync`: what else somebody has installed there stays.
  const locked = ["--no-deps", "--require-hashes", ...[...locks].flatMap((name) => ["--requirement", name])];
  await runCommand(command, ["pip", "install", "--python", python, ...locked], options);
  // The package itself is built with the locked build tool, not with whatever is newest today.
  const self = ["--no-deps", "--no-build-isolation", "--editable", "."];
  await runCommand(command, ["pip", "install", "--python", python, ...self], { ...options, name: "python-porta" });
  writeFileSync(stampFile, JSON.stringify(stamp(locks), null, 2));
}

/** @param {string | undefined} uv */
async function create(uv) {
  if (existsSync(venv) && !existsSync(join(venv, "pyvenv.cfg")) && readdirSync(venv).length > 0) {
    throw new Problem(`${venv} is there, but it is not a Python environment. Move it away, then: npm start`);
  }
  const base = findPython({ withUv: uv !== undefined });
  rmSync(venv, { recursive: true, force: true });
  const [command, args] = uv === undefined ? [base, ["-m", "venv"]] : [uv, ["venv", "--quiet", "--no-project", "--python", base]];
  await runCommand(command, [...args, venv], { name: "venv", installs: true, wayOut: WAY_OUT });
}

/** pip takes a minute for what uv does in seconds: it installs only uv, the locked one, which then does the rest. */
async function installUv() {
  const locked = /^uv==.*(\n {4}--hash=.*)*/m.exec(readFileSync(lockFile(BASE), "utf8"))?.[0];
  if (locked === undefined) throw new Problem("requirements.lock does not name uv. Get it back: git checkout services/propagation");
  const file = join(venv, "uv.lock.txt");
  writeFileSync(file, `${locked}\n`);
  const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--no-deps", "--require-hashes"];
  // Stronger than a pip.conf that installs elsewhere or compiles everything.
  const here = ["--target=", `--prefix=${venv}`, "--only-binary=:all:"];
  await runCommand(python, [...pip, ...here, "--requirement", file], { name: "uv", installs: true, wayOut: WAY_OUT });
}

const filledFile = join(numbaCache, "filled");
const sources = [join(propagation, "src", "porta")];

/** @returns {boolean} whether the physics is compiled as it is written now */
export function isCompiled() {
  try {
    return readFileSync(filledFile, "utf8") === writtenHash(sources);
  } catch {
    return false;
  }
}

/** Compiles the physics once, so that no worker has to at its start. */
export async function compile() {
  const written = writtenHash(sources);
  await runCommand(python, ["-c", "from porta.kernel import warm_up; warm_up()"], {
    name: "compile",
    env: { NUMBA_CACHE_DIR: numbaCache },
    wayOut: "To begin afresh: rm -rf .venv && npm start",
  });
  writeFileSync(filledFile, written);
}
