import { fileProblem } from "../file-problem.mjs";
import { home } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { jupyterToken } from "../platform/jupyter.mjs";
import { ChildError } from "../process/child.mjs";
import { withoutProxy } from "../process/environment.mjs";
import { misspelt, settingsInEnvFile } from "../setting-names.mjs";
import { readAction, readSettings } from "../settings.mjs";
import { endCommands } from "../setup/command.mjs";
import { setUp } from "../setup/index.mjs";
import { Terminal, seconds } from "../terminal.mjs";
import { startInBackground, stopCommand, stopRunning, tellStatus } from "./background.mjs";
import { cacheTrouble } from "./cache.mjs";
import { Hangup } from "./hangup.mjs";
import { watchNpm } from "./parent.mjs";
import { checkPorts } from "./ports.mjs";
import { partsOf } from "./services.mjs";
import { RunState } from "./state.mjs";
import { Supervisor } from "./supervisor.mjs";

/** Signals within so short a time are one. */
const ECHO_MS = 500;

/**
 * Does what was typed: `npm start`, with or without options, or `npm stop`.
 * @returns {Promise<number>} exit code
 */
export async function launch() {
  // Newer Nodes can be told to send our own requests to the parts through a proxy (NODE_USE_ENV_PROXY=1).
  Object.assign(process.env, withoutProxy());
  const terminal = new Terminal();
  try {
    const { action, rest } = readAction(process.env, process.argv.slice(2));
    if (action === "start") for (const remark of [...misspelt(process.env), ...settingsInEnvFile()]) terminal.note(remark);
    // What is wrong is told here, and not in a log. Only the options matter where nothing is started.
    readSettings(action === "start" || action === "detach" ? process.env : {}, rest);
    if (action === "detach") return await startInBackground(terminal, rest);
    if (action === "stop") return await stopRunning(terminal);
    if (action === "status") return tellStatus(terminal);
    return await run(terminal, rest);
  } catch (error) {
    tell(error, terminal);
    return 1;
  }
}

/**
 * @param {unknown} error
 * @param {Terminal} terminal
 */
function tell(error, terminal) {
  const told = fileProblem(error);
  if (told instanceof Problem || told instanceof ChildError) terminal.problem(told.message);
  else terminal.problem(told instanceof Error ? (told.stack ?? told.message) : String(told));
}

/**
 * Runs Porta on this machine until it is told to end.
 * @param {Terminal} terminal
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function run(terminal, args) {
  const began = performance.now();
  /** @type {Promise<string>} */
  const told = new Promise((resolve) => {
    let times = 0;
    let last = -Infinity;
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      process.on(signal, () => {
        resolve(signal);
        // One Ctrl-C can reach us twice: from the terminal, and passed on by npm.
        if (performance.now() - last > ECHO_MS) times += 1;
        last = performance.now();
        if (times === 2) terminal.note("Ending already; once more ends everything at once.");
        if (times > 2) process.exit(1); // the children are tied to us
      });
    }
    const hangup = new Hangup(terminal, stopCommand, () => resolve("The terminal is gone"));
    watchNpm(
      () => resolve("npm has ended"),
      () => hangup.survived,
    );
  });

  /** @type {Supervisor | undefined} */
  let supervisor;
  try {
    terminal.line(`\n  ${terminal.style("bold", "Porta")}\n`);
    const settings = readSettings(process.env, args);
    const url = `http://localhost:${settings.ports.frontend}`;
    const left = RunState.leftovers();
    if (left !== undefined) {
      await terminal.step(`Ended what a killed start had left: ${left.ended.join(", ")}`, left.finish);
    }
    const state = new RunState(url);
    state.write();
    /** @type {Promise<never>} */
    const broken = new Promise((_, reject) => {
      supervisor = new Supervisor({ state, terminal, onGivenUp: reject });
    });
    const start = async () => {
      await checkPorts(settings);
      const python = settings.redis === undefined || settings.scheduler === undefined || settings.jupyter;
      await setUp(terminal, { python, extras: settings.jupyter ? ["jupyter"] : [] });
      const parts = partsOf(settings);
      await Promise.all(
        parts.map(({ label, service }) => terminal.step(label, async () => supervisor?.start(service, label), { announce: false })),
      );
      supervisor?.established();
      const trouble =
        settings.redis === undefined ? undefined : await cacheTrouble(settings.redis, process.env, settings.scheduler === undefined);
      const end = terminal.stream.isTTY ? "Ctrl-C" : stopCommand;
      terminal.line(`\n  ${terminal.style("bold", url)}   ready in ${seconds(performance.now() - began)}; ${end} ends it\n`);
      if (settings.jupyter) {
        const lab = `http://127.0.0.1:${settings.ports.jupyter}/lab?token=${jupyterToken(home)}`;
        terminal.line(`  ${terminal.style("bold", lab)}   JupyterLab; notebooks are in ${home}/notebooks\n`);
      }
      if (trouble !== undefined) terminal.note(`${trouble} As long as this lasts there are no new results.`);
      if (settings.scheduler !== undefined && settings.redis === undefined) {
        terminal.note(
          `The pool at ${settings.scheduler} has to write to the Valkey started here, or no answer arrives.\n` +
            "Usually both are elsewhere: give REDIS_ADDR too.",
        );
      }
      state.established(); // after all that is to be read: who waits for it shows what has been said until then
      return told;
    };
    const why = await Promise.race([start(), told, broken]);
    terminal.line(`  ${why === "SIGINT" ? "\r" : `${why}. `}Ending …`);
    return 0;
  } catch (error) {
    tell(error, terminal);
    return 1;
  } finally {
    await endCommands();
    if (await supervisor?.stop()) terminal.line(`  Everything has ended. Logs: ${home}/log`);
  }
}
