import { setTimeout as sleep } from "node:timers/promises";

/** Often enough that nobody notices the difference, seldom enough to cost nothing. */
const POLL_MS = 50;

/**
 * Waits until a condition holds.
 * @template T
 * @param {() => T | undefined | false | Promise<T | undefined | false>} condition asked again and again; what it throws counts as "not yet"
 * @param {{ what: string, timeout?: number, signal?: AbortSignal }} options `what` is named in the error; `timeout` in ms, by default 60 s
 * @returns {Promise<T>} the first value that is neither undefined nor false
 * @throws {Error} when the time is up, with the last reason; or the signal's reason
 */
export async function until(condition, { what, timeout = 60_000, signal }) {
  const deadline = performance.now() + timeout;
  for (;;) {
    signal?.throwIfAborted();
    let reason = "";
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      reason = error instanceof Error ? `: ${error.message}` : `: ${String(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeout / 1000} s${reason}`);
    await sleep(POLL_MS);
  }
}
