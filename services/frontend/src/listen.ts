import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { onBothLoopbacks } from "./both-loopbacks";

/** Connections that may wait to be accepted: as many as the system allows. Node's 511 are less than the event streams that open at once after a restart. */
const BACKLOG = 65_535;

/** Makes the app listen. Resolves to the port. @throws Error that names the setting and the way out */
export async function listenApp(app: FastifyInstance, host: string, port: number): Promise<number> {
  const listenOnIPv6 = onBothLoopbacks(app, host, port, BACKLOG);
  try {
    await app.listen({ host, port, backlog: BACKLOG });
  } catch (error) {
    throw explained("PORT", host, port, error as NodeJS.ErrnoException);
  }
  try {
    await listenOnIPv6();
  } catch (error) {
    throw explained("PORT", "::1", port, error as NodeJS.ErrnoException);
  }
  return (app.server.address() as AddressInfo).port;
}

/** The same for the server of the metrics. */
export function listenMetrics(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explained("METRICS_PORT", host, port, error)));
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function explained(setting: string, host: string, port: number, error: NodeJS.ErrnoException): Error {
  return new Error(`${setting}=${port} on ${host}: ${REASONS[error.code ?? ""] ?? error.message}`);
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there. End it, or choose another port (0 takes a free one).",
  EACCES: "this user may not listen there. Choose a port of 1024 or more.",
  EADDRNOTAVAIL: "this machine does not have that address. Set HOST to one that it has, or to 0.0.0.0 for all.",
  ENOTFOUND: "that host name is not known. Set HOST to an address of this machine.",
};
