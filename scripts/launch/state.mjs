import { accessSync, constants, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { endGroup } from "../process/child.mjs";
import { identify, isRunning } from "../process/table.mjs";
import { readJson } from "../setup/files.mjs";

/**
 * What runs, for the next start: who started it, and which processes it has to end if that one was killed.
 * @typedef {import("../process/table.mjs").ProcessId} ProcessId
 * @typedef {{ launcher: ProcessId, url: string, ready?: boolean, children: (ProcessId & { name: string })[] }} State
 */

const file = join(home, "run.json");

/** How long what an earlier start has left may take to end by itself. */
const GRACE_MS = 10_000;

/** @returns {State | undefined} */
function read() {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    // A file that we may not see can be of a platform that runs.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EACCES") throw error;
  }
  return /** @type {State | undefined} */ (readJson(file));
}

/** The record of what we run, on disk before anything else happens. */
export class RunState {
  /** @type {Map<string, ProcessId>} */
  #children = new Map();

  ready = false;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.launcher = identify(process.pid);
  }

  /** @returns {State | undefined} of the platform that runs from this folder */
  static running() {
    const state = read();
    return state !== undefined && isRunning(state.launcher) ? state : undefined;
  }

  /**
   * @throws {Problem} when a platform runs from this folder
   * @returns {{ ended: string[], finish: () => Promise<void> } | undefined} what a killed start has left, and how to end it
   */
  static leftovers() {
    const state = read();
    if (state === undefined) return undefined;
    if (isRunning(state.launcher)) {
      throw new Problem(
        `Porta already runs from this folder: ${state.url} (process ${state.launcher.pid}).\n` +
          `End that one with Ctrl-C where it was started, or with npm stop, or with: kill ${state.launcher.pid}\n` +
          "To run a second one beside it, give it another folder for its state (PORTA_HOME) and other ports.",
      );
    }
    const children = state.children.filter(isRunning);
    if (children.length === 0) return undefined;
    return {
      ended: children.map(({ name, pid }) => `${name} (${pid})`),
      finish: async () => {
        // Groups, since a child may have died and left its own children; the leader's start time has told us that it is ours.
        await Promise.all(
          children.map(async ({ pid }) => {
            process.kill(pid, "SIGTERM");
            await endGroup(pid, GRACE_MS);
          }),
        );
      },
    };
  }

  /**
   * @param {string} name
   * @param {ProcessId} id
   */
  add(name, id) {
    this.#children.set(name, id);
    this.write();
  }

  /** Everything has started. */
  established() {
    this.ready = true;
    this.write();
  }

  /** @returns {ProcessId[]} what runs, or has run until it was started again */
  get all() {
    return [...this.#children.values()];
  }

  write() {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const children = [...this.#children].map(([name, id]) => ({ name, ...id }));
    /** @type {State} */
    const state = { launcher: this.launcher, url: this.url, ready: this.ready, children };
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Everything has ended. */
  clear() {
    try {
      rmSync(file, { force: true });
    } catch {
      // The folder may no longer be written. The next start sees that nobody runs.
    }
  }
}
