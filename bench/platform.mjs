import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../scripts/paths.mjs";
import { frontendService } from "../scripts/platform/frontend.mjs";
import { schedulerService, workersService } from "../scripts/platform/pool.mjs";
import { startService } from "../scripts/platform/service.mjs";
import { findValkey, makePasswords, valkeyService } from "../scripts/platform/valkey.mjs";
import { freePorts, LOOPBACK } from "../scripts/process/ports.mjs";

/**
 * A whole platform on free ports, as `npm start` starts it, to be measured.
 * @param {{ workers?: number, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ url: string, dispatch: string, scheduler: string, redisPort: number, stop: () => Promise<void> }>}
 */
export async function startPlatform({ workers = 2, env = {} } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "porta-bench-"));
  const [redisPort, scheduler, dashboard, dispatch, port, metricsPort] = /** @type {[number, number, number, number, number, number]} */ (
    await freePorts(6)
  );
  const passwords = makePasswords();
  const common = { directory, python, env };
  const ports = { scheduler, dashboard, dispatch };
  const address = `${LOOPBACK}:${redisPort}`;
  const children = await Promise.all([
    startService(valkeyService({ ...common, port: redisPort, passwords, binary: findValkey(python) })),
    startService(schedulerService({ ...common, ports })),
    startService(
      workersService({ ...common, ports, count: workers, redis: { address, username: "worker", password: passwords.worker } }),
    ),
    startService(
      frontendService({
        ...common,
        env: { LOG_LEVEL: "warn", DRAIN_MS: "0", ...env },
        port,
        metricsPort,
        redis: { address, username: "frontend", password: passwords.frontend },
        scheduler: `${LOOPBACK}:${scheduler}`,
        dispatch: `http://${LOOPBACK}:${dispatch}`,
      }),
    ),
  ]);
  return {
    url: `http://${LOOPBACK}:${port}`,
    dispatch: `http://${LOOPBACK}:${dispatch}`,
    scheduler: `tcp://${LOOPBACK}:${scheduler}`,
    redisPort,
    stop: async () => {
      for (const child of children.reverse()) await child.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
