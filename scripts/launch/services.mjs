import { existsSync } from "node:fs";
import { home, python } from "../paths.mjs";
import { frontendService } from "../platform/frontend.mjs";
import { jupyterService } from "../platform/jupyter.mjs";
import { schedulerService, workersService } from "../platform/pool.mjs";
import { findValkey, makePasswords, valkeyService } from "../platform/valkey.mjs";
import { LOOPBACK } from "../process/ports.mjs";
import { portVariables } from "../settings.mjs";

/**
 * A part of the platform and how it is called on the terminal.
 * @typedef {{ label: string, service: import("../platform/service.mjs").Service }} Part
 */

/**
 * @param {import("../settings.mjs").Settings} settings
 * @returns {Part[]} in the order in which they are started and, reversed, ended
 */
export function partsOf({ ports, workers, maxmemory, redis, scheduler, dispatch, jupyter }) {
  /** @type {Part[]} */
  const parts = [];
  const common = { directory: home, python };
  const passwords = makePasswords();
  const own = `${LOOPBACK}:${ports.redis}`;
  const pool = {
    scheduler: scheduler ?? `${LOOPBACK}:${ports.scheduler}`,
    dispatch: scheduler === undefined ? `http://${LOOPBACK}:${ports.dispatch}` : dispatch,
  };
  /** @param {import("../platform/valkey.mjs").User} user */
  const access = (user) =>
    redis === undefined ? { address: own, username: user, password: passwords[user] } : { address: redis };

  if (redis === undefined) {
    parts.push({
      label: `Valkey, ${own}, up to ${maxmemory}`,
      service: valkeyService({ ...common, port: ports.redis, passwords, binary: findValkey(python), maxmemory }),
    });
  }
  if (scheduler === undefined) {
    parts.push(
      {
        label: `Dask scheduler, ${LOOPBACK}:${ports.scheduler} (dashboard on ${ports.dashboard})`,
        service: schedulerService({ ...common, ports }),
      },
      {
        label: `${workers} Dask worker${workers === 1 ? "" : "s"}`,
        service: workersService({ ...common, ports, count: workers, redis: access("worker") }),
      },
    );
  }
  parts.push({
    label: `Frontend, ${LOOPBACK}:${ports.frontend}`,
    service: frontendService({
      ...common,
      port: ports.frontend,
      metricsPort: ports.metrics,
      redis: access("frontend"),
      ...pool,
      // With Redis and pool elsewhere nothing here needs Python, and the frontend does without it.
      // Nobody balances between several of them here: what leaves the service leaves at once.
      env: { DRAIN_MS: process.env.DRAIN_MS || "0" },
      python: existsSync(python) ? python : undefined,
    }),
  });
  if (jupyter) {
    const { hostname, port } = new URL(pool.scheduler.includes("://") ? pool.scheduler : `tcp://${pool.scheduler}`);
    parts.push({
      label: `JupyterLab, ${LOOPBACK}:${ports.jupyter}`,
      service: jupyterService({
        ...common,
        port: ports.jupyter,
        redis: access("notebook"),
        scheduler: `${hostname}:${port || portVariables.scheduler.standard}`,
        dashboard: `${hostname}:${ports.dashboard}`,
        dispatch: pool.dispatch,
      }),
    });
  }
  return parts;
}
