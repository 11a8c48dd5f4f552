import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { home, root } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { isRunning } from "../process/table.mjs";
import { until } from "../process/wait.mjs";
import { RunState } from "./state.mjs";

const POLL_MS = 200;

/** Each part has its grace of 15 s to end, and then is killed. */
const STOP_MS = 180_000;

/** As init scripts and systemctl say it: not running. */
const NOT_RUNNING = 3;

/** How to type a command for the platform of this folder. */
const own = process.env.PORTA_HOME ? `PORTA_HOME='${home.replaceAll("'", "'\\''")}' ` : "";
export const stopCommand = `${own}npm stop`;

/**
 * Starts Porta in a session of its own, which no terminal and no npm ends, and shows what it says until it is ready.
 * @param {import("../terminal.mjs").Terminal} terminal
 * @param {readonly string[]} args of that start
 * @returns {Promise<number>} exit code
 */
export async function startInBackground(terminal, args) {
  RunState.leftovers(); // refuses where one runs, whose log this would replace
  const log = join(home, "log", "start.log");
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  if (existsSync(log)) renameSync(log, `${log}.before`);
  const output = openSync(log, "w", 0o600);
  // It belongs to no npm: the one that runs us will have ended, and must not be watched.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_lifecycle_") && name !== "npm_config_detach"));
  const child = spawn(process.execPath, [join(root, "scripts", "start.mjs"), ...args], { cwd: root, env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  /** @type {number | undefined} */
  let code;
  child.once("error", (error) => void terminal.problem(error.message));
  child.once("close", (ended) => (code = ended ?? 1));
  // Until it is ready Ctrl-C ends it, as it ends any other start.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill("SIGTERM"));

  let shown = 0;
  const show = () => {
    const text = readFileSync(log, "utf8");
    terminal.stream.write(text.slice(shown));
    shown = text.length;
  };
  for (;;) {
    const over = code;
    show();
    if (over !== undefined) return over || 1; // before it was ready
    const state = RunState.running();
    if (state?.ready === true && state.launcher.pid === child.pid) break;
    await sleep(POLL_MS);
  }
  show();
  child.unref();
  terminal.line(`  It runs in the background (process ${child.pid}). To end it: ${stopCommand}\n  What it says is in ${log}\n`);
  return 0;
}

/**
 * Ends the platform that runs from this folder, and waits until it has ended.
 * @param {import("../terminal.mjs").Terminal} terminal
 * @returns {Promise<number>} exit code
 */
export async function stopRunning(terminal) {
  const state = RunState.running();
  if (state === undefined) {
    const left = RunState.leftovers();
    if (left === undefined) terminal.line(`  Porta does not run from ${home}: there is nothing to end.`);
    else await terminal.step(`Ended what a killed start had left: ${left.ended.join(", ")}`, left.finish);
    return 0;
  }
  const { pid } = state.launcher;
  await terminal.step(`Porta ended: ${state.url} (process ${pid})`, async () => {
    try {
      process.kill(pid, "SIGTERM");
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === "EPERM") throw new Problem(`Process ${pid} belongs to another user, who has to end it.`);
      // it ended meanwhile
    }
    await until(() => !isRunning(state.launcher), { what: "Porta ends", timeout: STOP_MS }).catch(() => {
      throw new Problem(`Porta (process ${pid}) has been told to end, and has not within ${STOP_MS / 1000} s. To end it at once: kill -9 ${pid}`);
    });
  });
  return 0;
}

/**
 * @param {import("../terminal.mjs").Terminal} terminal
 * @returns {number} exit code: 0 while it runs
 */
export function tellStatus(terminal) {
  const state = RunState.running();
  if (state === undefined) {
    terminal.line(`  Porta does not run from ${home}.`);
    return NOT_RUNNING;
  }
  const { pid } = state.launcher;
  terminal.line(`  ${state.url}   ${state.ready === true ? "ready" : "starting"}, process ${pid}. To end it: ${stopCommand}`);
  for (const { name, pid: part } of state.children) terminal.line(`    ${name}, process ${part}`);
  return 0;
}
