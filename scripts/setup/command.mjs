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
  const child = new Child({ name, command, args, purpose: "installer", log: join(home, "log", `${name}.log`), ...options });
  running.add(child);
  const how = await child.ended;
  running.delete(child);
  if (how === "ended with exit code 0") return;
  throw new Problem(`${name}: ${basename(command)} ${how}. It said (all of it in ${child.log}):\n${excerpt(child.tail(Infinity))}\n${wayOut}`);
}

const ENDS = 8;

/**
 * @param {string} text
 * @returns {string} its beginning and end, indented: tools say what is wrong first, or last
 */
function excerpt(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/\bEBADENGINE\b/.test(line));
  const shown = lines.length <= 2 * ENDS ? lines : [...lines.slice(0, ENDS), "…", ...lines.slice(-ENDS)];
  return shown.map((line) => `    ${line}`).join("\n");
}
