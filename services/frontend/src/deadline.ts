/**
 * How long a new request waits for a cache or a pool that is slow: about as long as a person waits without wondering. A process
 * that is stopped for a second, or a long command before ours, passes within that time; one that lasts longer is told as 503.
 */
export const PATIENCE_MS = 2_000;

/** A time limit is counted in so many parts. */
const PARTS = 4;

/**
 * Calls back after `ms` milliseconds in which this process was able to listen. A plain timer that falls due while the event
 * loop is busy (a thousand clients connect at once) fires before the answer that has arrived meanwhile is read, and a
 * server that answered in time would count as away. Counted in parts, a stall costs one part, not all of them.
 *
 * @returns a function that cancels it
 */
export function afterListening(ms: number, callback: () => void): () => void {
  let parts = PARTS;
  let timer = setTimeout(next, ms / PARTS);
  function next(): void {
    parts -= 1;
    if (parts > 0) timer = setTimeout(next, ms / PARTS);
    else callback();
  }
  return () => clearTimeout(timer);
}
