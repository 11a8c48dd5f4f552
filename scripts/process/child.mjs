import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { environmentFor } from "./environment.mjs";
import { Progress } from "./progress.mjs";
import { groupMembers, identify } from "./table.mjs";
import { until } from "./wait.mjs";

/**
 * @typedef {object} ChildOptions
 * @property {string} name as it is shown, and as its log file is called
 * @property {string} command
 * @property {readonly string[]} args
 * @property {import("./environment.mjs").Purpose} [purpose] decides which variables of the user it inherits
 * @property {NodeJS.ProcessEnv} [env] on top of these
 * @property {string} [cwd]
 * @property {string} log file for its output; what was in it is kept once, as `<log>.before`
 * @property {string} [python] an interpreter: with it the child ends when we are killed (see tether.py), where the platform can
 */

/**
 * @typedef {object} ReadyOptions
 * @property {string} [what] is waited for, where there is a `timeout`
 * @property {number} [timeout] ms
 * @property {number} [stalled] ms in which nothing moves before it is given up
 * @property {(remark: string) => void} [tell] gets from time to time how far it is
 * @property {number} [tellEvery] ms
 */

/** A process that reads its files from a slow disk, or gets hardly any CPU on a busy machine, still moves within this time. */
const STALLED_MS = 120_000;

/** The look goes through all processes of the machine. */
const LOOK_MS = 2_000;

/** A person who waits begins to wonder. */
const TELL_MS = 20_000;

/**
 * A long-running process that belongs to us: in a session of its own, so that Ctrl-C reaches only us and we end things in
 * order; its output in a file, so that it lives on if we do not.
 */
export class Child {
  /** @param {ChildOptions} options */
  constructor({ name, command, args, purpose, env = {}, cwd, log, python }) {
    this.name = name;
    this.log = log;
    mkdirSync(dirname(log), { recursive: true });
    if (existsSync(log)) renameSync(log, `${log}.before`); // why the last one died
    const output = openSync(log, "w", 0o600);
    const tether = python === undefined ? [] : [python, "-IS", join(import.meta.dirname, "tether.py"), String(process.pid)];
    const [file, ...rest] = /** @type {[string, ...string[]]} */ ([...tether, command, ...args]);
    this.process = spawn(file, rest, {
      env: { ...environmentFor(purpose), ...libraryPath([command, ...(python === undefined ? [] : [python])]), ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ["ignore", output, output],
      detached: true,
    });
    closeSync(output);

    /**
     * How it ended, in words; never rejects.
     * @type {Promise<string>}
     */
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => resolve(`could not be started: ${error.message}`));
      this.process.once("exit", (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    });
    this.running = true;
    void this.ended.then(() => (this.running = false));
    this.id = identify(this.process.pid ?? 0);
  }

  /** @returns {number} */
  get pid() {
    return this.id.pid;
  }

  /**
   * @param {number} [lines]
   * @returns {string} the end of what it printed
   */
  tail(lines = 15) {
    try {
      return readFileSync(this.log, "utf8").trimEnd().split("\n").slice(Number.isFinite(lines) ? -lines : 0).join("\n");
    } catch {
      return "";
    }
  }

  /**
   * Waits until it does what it was started for, however long that takes, as long as the process gets on. Fails at once when it ends.
   * @template T
   * @param {() => T | undefined | false | Promise<T | undefined | false>} condition
   * @param {ReadyOptions} [options]
   * @returns {Promise<T>}
   */
  async ready(condition, { what = `${this.name} is ready`, timeout = Infinity, stalled = STALLED_MS, tell, tellEvery = TELL_MS } = {}) {
    const over = new AbortController();
    void this.ended.then((how) => over.abort(new ChildError(this, how)));
    const began = performance.now();
    let told = began;
    const progress = new Progress(this.pid, this.log);
    const watch = setInterval(() => {
      const idle = progress.look();
      const waited = Math.round((performance.now() - began) / 1000);
      if (idle > stalled) {
        over.abort(new ChildError(this, `not ready after ${waited} s, and for ${Math.round(idle / 1000)} s it has used no CPU time and written nothing`));
      } else if (tell !== undefined && performance.now() - told > tellEvery) {
        told = performance.now();
        const last = this.tail(1).trim();
        tell(`still starting after ${waited} s, ${progress.cpu.toFixed(1)} s of CPU time used; its log ${last === "" ? "is empty" : `ends with: ${last}`}`);
      }
    }, Math.min(LOOK_MS, stalled, tellEvery));
    try {
      return await until(condition, { what, timeout, signal: over.signal });
    } catch (error) {
      throw error instanceof ChildError ? error : new ChildError(this, error instanceof Error ? error.message : String(error));
    } finally {
      clearInterval(watch);
    }
  }

  /**
   * Ends it and all that it started: asks first, and ends what is left of its group when the time is up.
   * @param {{ signal?: NodeJS.Signals, grace?: number }} [options] `grace` in ms
   */
  async stop({ signal = "SIGTERM", grace = 10_000 } = {}) {
    if (this.pid === 0) return;
    if (this.running) this.process.kill(signal);
    await endGroup(this.pid, grace);
    await this.ended;
  }

  /** Ends it and all that it started, at once: the way a crash does it. */
  async kill() {
    await this.stop({ signal: "SIGKILL", grace: 0 });
  }
}

/** What a shell and the loader of programs say by their exit code: the program, or a library of it, was not found. */
const NOT_LOADED = 127;

/**
 * LD_LIBRARY_PATH puts libraries of the user before those that our packages bring. But some machines (environment modules on clusters) have a
 * Python or Node that does not start without it: then it stays.
 * @param {readonly string[]} commands
 * @returns {{ LD_LIBRARY_PATH?: string }}
 */
function libraryPath(commands) {
  const { LD_LIBRARY_PATH } = process.env;
  if (LD_LIBRARY_PATH === undefined) return {};
  const needed = commands.some((command) => spawnSync(command, ["--version"], { env: environmentFor(), stdio: "ignore" }).status === NOT_LOADED);
  return needed ? { LD_LIBRARY_PATH } : {};
}

/**
 * Waits for a process group to end, then ends it.
 * @param {number} group
 * @param {number} grace ms
 */
export async function endGroup(group, grace) {
  const empty = () => groupMembers(group).length === 0;
  await until(empty, { what: `process group ${group} ends`, timeout: grace }).catch(() => {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // it ended between the look and the kill
    }
  });
  await until(empty, { what: `process group ${group} ends after SIGKILL`, timeout: 10_000 });
}

/** A child did not do what it was started for. Carries the end of its output. */
export class ChildError extends Error {
  /**
   * @param {Child} child
   * @param {string} how
   */
  constructor(child, how) {
    const tail = child.tail();
    super(`${child.name}: ${how}.${tail === "" ? "" : ` Its last lines (${child.log}):\n${tail.replaceAll(/^/gm, "    ")}`}`);
    this.name = "ChildError";
    this.child = child;
    this.how = how;
  }
}
