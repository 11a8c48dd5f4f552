import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { frontend, propagation, root } from "../paths.mjs";
import { runCommand } from "./command.mjs";
import { contentHash } from "./files.mjs";

const stampFile = join(frontend, "dist", "built-from");
const sources = [
  join(frontend, "src"),
  join(frontend, "page"),
  join(frontend, "build.mjs"),
  join(frontend, "package.json"),
  join(propagation, "src", "porta", "contract.json"),
  join(propagation, "src", "porta", "redis-troubles.json"),
  join(root, "package-lock.json"),
];

/** @returns {boolean} whether server and page are built from the sources as they are now */
export function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === contentHash(sources);
}

/** Builds server and page. */
export async function build() {
  const before = contentHash(sources);
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined || !/\.c?js$/.test(npm) ? ["npm", []] : [process.execPath, [npm]];
  await runCommand(command, [...args, "run", "build"], { name: "build", cwd: root, wayOut: "The sources do not build: see above." });
  writeFileSync(stampFile, before);
}
