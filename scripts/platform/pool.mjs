import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { numbaCache } from "../paths.mjs";
import { LOOPBACK } from "../process/ports.mjs";
import { get, redisEnv } from "./service.mjs";

/**
 * @typedef {object} PoolPorts
 * @property {number} scheduler
 * @property {number} dashboard Dask's own pages
 * @property {number} dispatch where frontends ask
 */

/**
 * @typedef {object} PoolOptions
 * @property {PoolPorts} ports
 * @property {string} directory for logs and what workers spill
 * @property {string} python
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * A worker holds a segment and a few checkpoints, some 300 MB; at this limit porta.prefork ends it before the system gets into trouble.
 */
const WORKER_MEMORY = "2GiB";

/**
 * What every Dask process of ours is started with. One thread each in the numeric libraries: the pool is the parallelism.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
const pythonEnv = (env) => ({
  PYTHONUNBUFFERED: "1",
  NUMBA_CACHE_DIR: numbaCache,
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  ...env,
});

/**
 * The Dask scheduler with dispatch inside, forked from a process that forks the next one when it ends.
 * @param {PoolOptions & { maxSteps?: string }} options
 * @returns {import("./service.mjs").Service}
 */
export function schedulerService({ ports, directory, python, env = {}, maxSteps }) {
  return {
    child: {
      name: "scheduler",
      purpose: "scheduler",
      command: python,
      args: [
        ["-m", "porta.prefork", "scheduler", "--host", LOOPBACK, "--port", String(ports.scheduler)],
        ["--dashboard-address", `${LOOPBACK}:${ports.dashboard}`, "--preload", "porta.dispatch"],
        // Dask's own pages take most of a second to import: they are loaded when somebody looks at them.
        ["--no-dashboard", "--preload", "porta.dispatch.dashboard"],
      ].flat(),
      env: pythonEnv({
        PORTA_DISPATCH_HOST: LOOPBACK,
        PORTA_DISPATCH_PORT: String(ports.dispatch),
        ...(maxSteps === undefined ? {} : { MAX_STEPS: maxSteps }),
        ...env,
      }),
      log: join(directory, "log", "scheduler.log"),
      python,
    },
    // Dispatch is not ready before it has workers; that it answers is what counts here.
    isReady: async () =>
      (await get(`http://${LOOPBACK}:${ports.dashboard}/health`)).ok &&
      (await get(`http://${LOOPBACK}:${ports.dispatch}/health`)).status > 0,
  };
}

/**
 * The workers: one process with everything loaded, which forks `count` worker processes and a new one for each that ends.
 * @param {PoolOptions & { count: number, redis: import("./service.mjs").RedisAccess }} options
 * @returns {import("./service.mjs").Service}
 */
export function workersService({ ports, directory, python, env = {}, count, redis }) {
  const spill = join(directory, "dask");
  return {
    prepare: () => mkdirSync(spill, { recursive: true, mode: 0o700 }),
    child: {
      name: "workers",
      purpose: "workers",
      command: python,
      args: [
        ["-m", "porta.prefork", "worker", `tcp://${LOOPBACK}:${ports.scheduler}`, "--nworkers", String(count), "--nthreads", "1"],
        // A worker takes any free port. The address has to be said again for its HTTP port, which has no pages here.
        ["--host", LOOPBACK, "--dashboard-address", `${LOOPBACK}:0`, "--no-dashboard", "--memory-limit", WORKER_MEMORY],
        ["--local-directory", spill, "--preload", "porta.worker"],
      ].flat(),
      env: pythonEnv({
        ...redisEnv(redis),
        ...env,
      }),
      log: join(directory, "log", "workers.log"),
      python,
    },
    isReady: async () => (await workerCount(ports)) >= count,
  };
}

/**
 * @param {PoolPorts} ports
 * @returns {Promise<number>} the workers that the scheduler knows
 */
export async function workerCount({ dashboard }) {
  const response = await get(`http://${LOOPBACK}:${dashboard}/json/counts.json`);
  return /** @type {{ workers: number }} */ (await response.json()).workers;
}
