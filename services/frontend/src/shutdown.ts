import { setImmediate as afterReading, setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Services } from "./services";

/** Time for what is being sent when waits have ended, in ms; with the drain before it, less than ten seconds. */
const LAST_BYTES_MS = 4_000;

/**
 * Ends the service without failing a request: not ready at first, so that nobody new is sent here; then held requests are
 * answered with 202 and event streams with `retry:`; at last what is still being sent gets a little time.
 */
export async function shutdown(app: FastifyInstance, { lifecycle, config }: Services): Promise<void> {
  lifecycle.unready();
  await sleep(config.drainMs);
  lifecycle.endWaits();
  const cut = setTimeout(() => app.server.closeAllConnections(), LAST_BYTES_MS);
  // Closing ends connections that look idle: first read the requests that have arrived on them.
  await afterReading();
  await app.close();
  clearTimeout(cut);
}
