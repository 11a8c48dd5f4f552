import { join } from "node:path";
import { frontend } from "../paths.mjs";
import { LOOPBACK } from "../process/ports.mjs";
import { get, redisEnv } from "./service.mjs";

/**
 * @typedef {object} FrontendOptions
 * @property {number} port
 * @property {number} metricsPort
 * @property {import("./service.mjs").RedisAccess} redis
 * @property {string} scheduler host:port
 * @property {string | undefined} [dispatch] URL, where it is not the scheduler's host at 8788
 * @property {string} directory for its log
 * @property {string | undefined} [python] ties it to our life
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * @param {FrontendOptions} options
 * @returns {import("./service.mjs").Service}
 */
export function frontendService({ port, metricsPort, redis, scheduler, dispatch, directory, python, env = {} }) {
  return {
    child: {
      name: "frontend",
      purpose: "frontend",
      command: process.execPath,
      args: [join(frontend, "dist", "server.js")],
      cwd: frontend,
      env: {
        NODE_ENV: "production",
        HOST: LOOPBACK,
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        ...redisEnv(redis),
        DASK_SCHEDULER: scheduler,
        DISPATCH_URL: dispatch,
        ...env,
      },
      log: join(directory, "log", "frontend.log"),
      ...(python === undefined ? {} : { python }),
    },
    isReady: async () => (await get(`http://${LOOPBACK}:${port}/health/ready`)).ok,
  };
}
