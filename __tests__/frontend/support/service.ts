import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { buildApp } from "../../../services/frontend/src/app";
import { readConfig } from "../../../services/frontend/src/config";
import { closeRedis, openRedis, settled, type Connections } from "../../../services/frontend/src/redis";
import type { Deps, Services } from "../../../services/frontend/src/services";
import type { Valkey } from "../../support";

export const pageFolder = join(__dirname, "page");

/** The service inside the test's process, listening. */
export interface Service {
  readonly url: string;
  readonly port: number;
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly connections: Connections;
  close(): Promise<void>;
}

/** @param env what differs from an environment in which neither Redis nor pool can be reached */
export async function startService(env: Record<string, string> = {}, heartbeatMs?: number, timeouts: Deps["timeouts"] = {}): Promise<Service> {
  const away = { REDIS_ADDR: "127.0.0.1:1", DISPATCH_URL: "http://127.0.0.1:1", LOG_LEVEL: "silent" };
  const config = readConfig({ ...away, ...env });
  const log = pino({ level: config.logLevel });
  const connections = openRedis(config.redis, log);
  const { app, services } = await buildApp({
    config,
    log,
    connections,
    pageFolder,
    timeouts,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  if (env["REDIS_ADDR"]) await settled(connections, 5_000);
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    app,
    services,
    connections,
    close: async () => {
      services.lifecycle.endWaits();
      app.server.closeAllConnections();
      await app.close();
      closeRedis(connections);
    },
  };
}

/** The variables that lead the service to a cache. */
export function cacheEnv(valkey: Valkey): Record<string, string> {
  const { address, username, password } = valkey.access("frontend");
  return { REDIS_ADDR: address, REDIS_USERNAME: username, REDIS_PASSWORD: password };
}

/** Something that counts who connects, and tells nothing. */
export interface Counter {
  readonly port: number;
  readonly count: number;
  close(): void;
}

export async function startCounter(): Promise<Counter> {
  let count = 0;
  const server: Server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get count() {
      return count;
    },
    close: () => server.close(),
  };
}
