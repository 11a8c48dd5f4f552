import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./errors";
import type { OutputFile } from "./app";
import { HEADER } from "./yaml";

const OWNER_ONLY = 0o600;
const READABLE = 0o644;

/**
 * Writes the files into a folder and removes what an earlier run left there and this one did not make, so that
 * what is applied from it is never a stack that is gone. Files that this tool did not write are left alone.
 *
 * @param stacks The stacks that were asked for, where not all: the files of others stay.
 */
export function writeFiles(folder: string, files: readonly OutputFile[], stacks: readonly string[] = []): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (problem) {
    throw new UsageError(`${folder} cannot be made: ${(problem as Error).message}`, "Name another folder with --out.");
  }
  const stale: string[] = [];
  for (const name of readdirSync(folder)) {
    const stack = /^\d+-(.*?)(-secrets)?\.yaml(\.template)?$/.exec(name)?.[1];
    if (stack === undefined || (stacks.length > 0 && !stacks.includes(stack))) continue;
    const path = join(folder, name);
    if (!readFileSync(path, "utf8").startsWith(HEADER)) {
      if (files.some((file) => file.name === name))
        throw new UsageError(
          `${path} was not written by this tool.`,
          "Move it away, or name another folder with --out.",
        );
      continue;
    }
    stale.push(path);
  }
  const made = files.map(({ name }) => join(folder, name));
  stale.filter((path) => !made.includes(path)).forEach((path) => rmSync(path));
  for (const { name, text, secret } of files) {
    const path = join(folder, name);
    // What is there is written over, not removed first: a link to where somebody keeps the file stays a link.
    if (secret && existsSync(path)) chmodSync(path, OWNER_ONLY);
    writeFileSync(path, text, { mode: secret ? OWNER_ONLY : READABLE });
  }
}
