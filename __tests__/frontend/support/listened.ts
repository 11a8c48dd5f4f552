/** How finely `listened` looks, in ms. */
const TICK_MS = 5;

/**
 * How long something takes, in ms, of which this process, which is the service as well, was able to listen: each look that a
 * busy machine delays counts as one. What the service waits for by its own clock is counted in full.
 */
export async function listened<T>(action: () => Promise<T>): Promise<{ result: T; ms: number }> {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), TICK_MS);
  try {
    const result = await action();
    return { result, ms: ticks * TICK_MS };
  } finally {
    clearInterval(timer);
  }
}
