import { setTimeout as sleep } from "node:timers/promises";
import { spawnService } from "../platform/service.mjs";
import { ChildError } from "../process/child.mjs";
import { seconds } from "../terminal.mjs";

/**
 * @typedef {import("../platform/service.mjs").Service} Service
 * @typedef {import("../process/child.mjs").Child} Child
 */

/** The pause before a part is started again: doubled each time, up to the last. */
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 15_000;

/** A part that has run this long was well: what happens to it afterwards is a new misfortune. */
const WELL_MS = 60_000;

/**
 * So many ends in a row while the platform starts: starting again will not help. Once everything has been ready it goes on for ever, and from
 * here on in a line each.
 */
const MOST_ENDS = 6;

/** A frontend lets its clients go in less than 10 s, a worker hands back what it has: the grace is beyond both. */
const GRACE_MS = 15_000;

/** Starts the parts, starts again what dies, and ends all of them. */
export class Supervisor {
  /** @type {Map<string, Child>} in the order of their start */
  #children = new Map();
  #stopping = new AbortController();
  #established = false;

  /**
   * @param {object} options
   * @param {import("./state.mjs").RunState} options.state
   * @param {import("../terminal.mjs").Terminal} options.terminal
   * @param {(error: Error) => void} options.onGivenUp a part cannot be kept alive
   */
  constructor({ state, terminal, onGivenUp }) {
    this.state = state;
    this.terminal = terminal;
    this.onGivenUp = onGivenUp;
  }

  /** Everything has been ready: from now on no part ends the platform. */
  established() {
    this.#established = true;
  }

  /**
   * @param {Service} service
   * @param {string} [label] how it is called on the terminal
   * @returns {Promise<void>} when it is ready
   * @throws {ChildError} when it ends before: at the first start that is a mistake to be told, not a misfortune
   */
  async start(service, label = service.child.name) {
    const child = this.#spawn(service);
    await child.ready(service.isReady, { tell: (remark) => this.terminal.line(`  … ${label}: ${remark}`) });
    void this.#keepAlive(service, child);
  }

  /** @param {Service} service */
  #spawn(service) {
    this.#stopping.signal.throwIfAborted();
    const child = spawnService(service);
    this.#children.set(child.name, child);
    this.state.add(child.name, child.id);
    return child;
  }

  /**
   * @param {Service} service
   * @param {Child} child
   */
  async #keepAlive(service, child) {
    const { signal } = this.#stopping;
    let ends = 0;
    try {
      for (;;) {
        const began = performance.now();
        const how = await child.ended;
        if (signal.aborted) return;
        await child.kill(); // what it may have left behind
        ends = performance.now() - began > WELL_MS ? 1 : ends + 1;
        /** @type {Error} */
        let failure = new ChildError(child, how);
        /** @type {Child | undefined} */
        let next;
        while (next === undefined) {
          await this.#pause(failure, ends);
          try {
            next = this.#spawn(service);
          } catch (error) {
            // A full disk, for one: it is over some time.
            failure = error instanceof Error ? error : new Error(String(error));
            ends += 1;
          }
        }
        child = next;
        void this.#tellWhenReady(service, child);
      }
    } catch (error) {
      if (!signal.aborted) this.onGivenUp(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /**
   * Says what has happened, and waits before the part is started again.
   * @param {Error} failure
   * @param {number} ends in a row
   */
  async #pause(failure, ends) {
    if (ends >= MOST_ENDS && !this.#established) throw new Error(`${failure.message}\nThat was the ${MOST_ENDS}th time in a row.`);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (ends - 1), LAST_PAUSE_MS);
    const often = failure instanceof ChildError ? `${failure.child.name}: ${failure.how}. Its log: ${failure.child.log}` : failure.message;
    const said = ends < MOST_ENDS ? failure.message : `${often}\nThat is ${ends} times in a row; it is tried on.`;
    this.terminal.note(`${said}\nStarted again in ${seconds(pause)}.`);
    await sleep(pause, undefined, { signal: this.#stopping.signal });
  }

  /**
   * @param {Service} service
   * @param {Child} child
   */
  async #tellWhenReady(service, child) {
    try {
      await child.ready(service.isReady, { tell: (remark) => this.terminal.line(`  … ${child.name}: ${remark}`) });
      this.terminal.line(`  ${this.terminal.style("green", "✓")} ${child.name} is back`);
    } catch {
      // It ended again, which #keepAlive tells; or it stands still, and another one may not.
      await child.kill();
    }
  }

  /**
   * Ends everything, in the reverse order of its start: first who asks, last who is asked.
   * @returns {Promise<boolean>} whether there was anything to end
   */
  async stop() {
    this.#stopping.abort();
    for (const child of [...this.#children.values()].reverse()) await child.stop({ grace: GRACE_MS });
    this.state.clear();
    return this.#children.size > 0;
  }
}
