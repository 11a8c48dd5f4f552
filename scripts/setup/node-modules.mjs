import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { runCommand } from "./command.mjs";
import { readJson } from "./files.mjs";
import { isForThisPlatform, nativesLoad, PLATFORM_FLAGS } from "./platform-packages.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean } & import("./platform-packages.mjs").Constraints} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Compares what npm has noted of its last installation with the lock file, and looks whether each package is there.
 * @param {string} folder
 * @returns {boolean} whether node_modules is what package-lock.json says
 */
export function nodeModulesMatch(folder = root) {
  const wanted = /** @type {Lock | undefined} */ (readJson(join(folder, "package-lock.json")));
  const found = /** @type {Lock | undefined} */ (readJson(join(folder, "node_modules", ".package-lock.json")));
  if (wanted?.packages === undefined) {
    throw new Problem("package-lock.json is missing or damaged. Get it back: git checkout package-lock.json");
  }
  return Object.entries(wanted.packages).every(([path, { version, optional, link, ...constraints }]) => {
    if (!path.includes("node_modules/")) return true; // the project itself
    const installed = found?.packages?.[path];
    // Packages for other platforms are optional, and rightly not there. Those for this one are what the others do not run without.
    if (installed === undefined) return optional === true && !isForThisPlatform(constraints);
    return link === true || (installed.version === version && existsSync(join(folder, path, "package.json")));
  });
}

/**
 * @param {string} folder
 * @returns {boolean} whether what is native in node_modules can be loaded here. It takes a tenth of a second: to be asked before it is needed
 */
export function nodeModulesLoad(folder = root) {
  const { packages = {} } = /** @type {Lock} */ (readJson(join(folder, "package-lock.json")) ?? {});
  const native = Object.entries(packages).filter(([, entry]) => entry.optional === true && isForThisPlatform(entry));
  return nativesLoad(native.map(([path]) => join(folder, path)).filter((path) => existsSync(path)));
}

/** What `npm ci` gets: all that the lock file names, for this platform, whatever a configuration file of the user omits or moves. */
export const CI_FLAGS = [
  ...["--include=dev", "--include=optional", "--include=peer", ...PLATFORM_FLAGS],
  ...["--install-strategy=hoisted", "--engine-strict=false", "--no-audit", "--no-fund"],
];

/** Installs the locked packages. */
export async function installNodeModules() {
  await npmCi(root, { name: "npm-ci" });
  if (!nodeModulesMatch() || !nodeModulesLoad()) {
    throw new Problem(
      "npm ci has run, but node_modules is still not what package-lock.json says, or does not load on this platform " +
        `(${process.platform}, ${process.arch}, Node ${process.versions.node}). Start afresh: rm -rf node_modules && npm start`,
    );
  }
}

/**
 * Installs what a folder's lock file names.
 * @param {string} folder
 * @param {{ name: string, wayOut?: string }} options `name` of the log
 */
export async function npmCi(folder, { name, wayOut = "Then type the same command again. To begin afresh: rm -rf node_modules" }) {
  // Under `npm start` this is the very npm that runs us.
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined || !/\.c?js$/.test(npm) ? ["npm", []] : [process.execPath, [npm]];
  await runCommand(command, [...args, "ci", ...CI_FLAGS], {
    name,
    cwd: folder,
    installs: true,
    wayOut,
  });
}
