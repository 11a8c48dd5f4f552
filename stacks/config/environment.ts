import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** The environment, over the project's `.env`, over the names of the images that were built last. */
export function environment(project: string): Record<string, string | undefined> {
  const files = [".porta/images.env", ".env"].map((file) => join(project, file)).filter(existsSync);
  return Object.assign({}, ...files.map((file) => parseEnv(readFileSync(file, "utf8"))), process.env);
}
