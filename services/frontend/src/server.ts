import { join } from "node:path";
import { pino } from "pino";
import { buildApp } from "./app";
import { ConfigError, readConfig, type Config } from "./config";
import { listenApp, listenMetrics } from "./listen";
import { metricsServer } from "./metrics-server";
import { closeRedis, openRedis, settled } from "./redis";
import { shutdown } from "./shutdown";

/** How long the start waits for Redis; without it the service starts all the same, and says 503. */
const REDIS_MS = 1_000;

function configuration(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function main(): Promise<void> {
  // The first process of a container ignores a signal that it has said nothing of: this comes before anything that takes time.
  let end = (_signal: NodeJS.Signals): void => process.exit(0);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => end(signal));

  const config = configuration();
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const connections = openRedis(config.redis, log);
  const { app, services } = await buildApp({ config, log, connections, pageFolder: join(__dirname, "page") });
  const metrics = metricsServer(services.metrics.registry);
  await settled(connections, REDIS_MS);

  const metricsPort = await listenMetrics(metrics, config.host, config.metricsPort);
  const port = await listenApp(app, config.host, config.port);
  end = (signal) => {
    end = () => undefined;
    log.info({ signal, drainMs: config.drainMs }, "going down");
    shutdown(app, services)
      .then(() => {
        closeRedis(connections);
        metrics.close();
        metrics.closeAllConnections();
        log.info("gone");
        // Whatever still holds the loop (a resolver, a half-open socket) is nothing that anybody waits for.
        process.exit(0);
      })
      .catch((error: unknown) => {
        log.error({ err: error }, "could not end in order");
        process.exit(1);
      });
  };
  log.info({ host: config.host, port, metricsPort, dispatch: config.dispatchUrl.origin }, "listening");
}

main().catch((error: unknown) => {
  process.stderr.write(`The frontend cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
