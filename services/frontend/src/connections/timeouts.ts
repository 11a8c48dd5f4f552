import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Standstill } from "./standstill";

/** How long a connection may keep us waiting, in ms. */
export interface Timeouts {
  /** For the headers of a request. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Without a byte in either direction, while nothing is being sent. */
  readonly idleMs: number;
  /** Without a byte, after `idleMs`, while an answer is being sent. */
  readonly stalledMs: number;
}

/** Node looks for requests that are late once in so many ms. */
export const CHECK_MS = 1_000;

/**
 * The time limits of connections. All of them count only the time in which this process listened: after a standstill, Node
 * would end connections whose requests have arrived and wait to be read.
 */
export function limitConnections(server: Server, { headersMs, requestMs, idleMs, stalledMs }: Timeouts): void {
  const standstill = new Standstill();
  server.once("close", () => standstill.stop());
  // Node reads both properties at each check, in the same turn of the loop in which a standstill ends.
  Object.defineProperties(server, {
    headersTimeout: { get: () => headersMs + standstill.lately },
    requestTimeout: { get: () => requestMs + standstill.lately },
  });
  server.setTimeout(idleMs);
  const newest = new WeakMap<Socket, ServerResponse>();
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => newest.set(socket, response));
  server.on("timeout", (socket: Socket) => {
    const response = newest.get(socket);
    if (standstill.now) {
      socket.setTimeout(socket.timeout ?? idleMs);
    } else if (response?.headersSent && !response.writableFinished && socket.timeout !== stalledMs) {
      // A download that pauses. Small reads are not seen here: the kernel's buffer takes more only when a third of it is free.
      socket.setTimeout(stalledMs);
    } else {
      socket.destroy();
    }
  });
}
