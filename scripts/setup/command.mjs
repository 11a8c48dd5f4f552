import { basename, join } from "node:path";
import { home } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { Child } from "../process/child.mjs";
import { adviceFor } from "./failure.mjs";

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
 * @param {{ name: string, cwd?: string, env?: NodeJS.ProcessEnv, installs?: boolean, wayOut: string }} options
 *   `name` of the log; `installs` where the reason of a failure can be the network, the disk and the like; `wayOut` for when it fails
 * @throws {Problem} when it fails, with the beginning and the end of what it printed, and with the reason where that can be told
 */
export async function runCommand(command, args, { name, wayOut, installs = false, ...options }) {
  const child = new Child({ name, command, args, purpose: "installer", log: join(home, "log", `${name}.log`), ...options });
  running.add(child);
  const how = await child.ended;
  running.delete(child);
  if (how === "ended with exit code 0") return;
  const said = child.tail(Infinity);
  const advice = installs ? adviceFor(`${how}\n${said}`) : undefined;
  const told = said === "" ? "It said nothing." : `It said (all of it in ${child.log}):\n${excerpt(said)}`;
  throw new Problem(`${name}: ${basename(command)} ${how}. ${told}\n${advice === undefined ? "" : `${advice}\n`}${wayOut}`);
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
