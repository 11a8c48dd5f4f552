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

/** The promise, or the error if it has not settled in time. */
export function within<T>(ms: number, promise: Promise<T>, error: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = afterListening(ms, () => reject(error()));
    promise.then(resolve, reject).finally(cancel);
  });
}
