import { basename, join } from "node:path";
import { home } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { Child } from "../process/child.mjs";

/** @type {Set<Child>} */
const running = new Set();

/** Ends the commands that are under way: set-up was interrupted. */
export async function endCommands() {
  await Promise.all([...running].map((child) => child.stop()));
}

/**
 * Runs a command of the set-up to its end; what it prints goes to a log.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ name: string, cwd?: string, env?: NodeJS.ProcessEnv, wayOut: string }} options `name` of the log; `wayOut` for when it fails
 * @throws {Problem} when it fails, with the end of what it printed
 */
export async function runCommand(command, args, { name, wayOut, ...options }) {
  const child = new Child({ name, command, args, log: join(home, "log", `${name}.log`), ...options });
  running.add(child);
  const how = await child.ended;
  running.delete(child);
  if (how === "ended with exit code 0") return;
  const said = child.tail().replaceAll(/^/gm, "    ");
  throw new Problem(`${basename(command)} ${args.slice(0, 2).join(" ")} ${how}. Its last lines (${child.log}):\n${said}\n${wayOut}`);
}
