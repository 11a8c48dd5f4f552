import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mustBeWritable } from "../file-problem.mjs";
import { frontend, home, numbaCache, root, venv } from "../paths.mjs";
import { build, isBuilt } from "./build.mjs";
import { installNodeModules, nodeModulesLoad, nodeModulesMatch } from "./node-modules.mjs";
import { compile, installVenv, isCompiled, venvCondition } from "./venv.mjs";

/**
 * Makes this checkout ready to run: installs what is missing or stale, builds what has changed, says what it does.
 * @param {import("../terminal.mjs").Terminal} terminal
 * @param {{ python: boolean, extras?: readonly import("./venv.mjs").Extra[] }} needs `python`: whether anything here runs on it
 */
export async function setUp(terminal, { python, extras = [] }) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await Promise.all([
    (async () => {
      // Only the build and the tests use what is native: a start that builds nothing need not try it.
      const needsNative = !isBuilt() || extras.includes("dev");
      if (!nodeModulesMatch() || (needsNative && !nodeModulesLoad())) {
        mustBeWritable(join(root, "node_modules"), "Node packages have to be installed");
        await terminal.step("Node packages, as in package-lock.json", installNodeModules);
      }
      if (!isBuilt()) {
        mustBeWritable(join(frontend, "dist"), "Page and server have to be built");
        await terminal.step("Page and server built", build);
      }
    })(),
    (async () => {
      if (!python) return;
      const condition = venvCondition(extras);
      const mended = condition === "stale" ? ", mended" : condition === "broken" ? ", made anew" : "";
      if (condition !== "complete") mustBeWritable(venv, "Python packages have to be installed");
      if (condition !== "complete") await terminal.step(`Python packages, as in the lock file${mended}`, () => installVenv(extras));
      if (!isCompiled()) mustBeWritable(numbaCache, "The physics has to be compiled");
      if (!isCompiled()) await terminal.step("Physics compiled", compile);
    })(),
  ]);
}
