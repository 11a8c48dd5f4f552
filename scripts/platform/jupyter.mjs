import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numbaCache, propagation } from "../paths.mjs";
import { LOOPBACK } from "../process/ports.mjs";
import { get, redisEnv } from "./service.mjs";

/**
 * @typedef {object} JupyterOptions
 * @property {number} port
 * @property {import("./service.mjs").RedisAccess} redis
 * @property {string} scheduler host:port
 * @property {string} dashboard host:port
 * @property {string | undefined} [dispatch] URL, where it is not the scheduler's host at 8788
 * @property {string} directory for notebooks, token, settings and log
 * @property {string} python
 * @property {string} [examples] folder of the notebooks that it comes with
 * @property {NodeJS.ProcessEnv} [env]
 */

/** As good as a key of 192 bits, in hexadecimal. */
const TOKEN_BYTES = 24;

/** @param {string} directory */
const tokenFile = (directory) => join(directory, "jupyter", "token");

/**
 * Made once and kept: who is logged in, or has kept the address, stays so over restarts. Remove the file to make all of them void.
 * @param {string} directory
 * @returns {string} the token that lets a browser in
 */
export function jupyterToken(directory) {
  const file = tokenFile(directory);
  mkdirSync(join(directory, "jupyter"), { recursive: true, mode: 0o700 });
  try {
    const token = readFileSync(file, "utf8");
    chmodSync(file, 0o600);
    if (token.length === 2 * TOKEN_BYTES) return token;
  } catch {
    // the first start
  }
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  writeFileSync(file, token, { mode: 0o600 });
  return token;
}

/**
 * JupyterLab on the pool and its cache, as the image starts it.
 * @param {JupyterOptions} options
 * @returns {import("./service.mjs").Service}
 */
export function jupyterService({ port, redis, scheduler, dashboard, dispatch, directory, python, examples, env = {} }) {
  const own = join(directory, "jupyter");
  return {
    prepare: () => void jupyterToken(directory),
    child: {
      name: "jupyter",
      purpose: "jupyter",
      command: python,
      args: [
        ["-m", "porta.lab", "--root", join(directory, "notebooks"), "--examples", examples ?? join(propagation, "notebooks")],
        [`--ip=${LOOPBACK}`, `--port=${port}`],
      ].flat(),
      cwd: own,
      env: {
        PYTHONUNBUFFERED: "1",
        NUMBA_CACHE_DIR: numbaCache,
        ...redisEnv(redis),
        DASK_SCHEDULER_ADDRESS: `tcp://${scheduler}`,
        DISPATCH_URL: dispatch,
        PORTA_DASHBOARD: dashboard,
        JUPYTER_TOKEN_FILE: tokenFile(directory),
        // Another Jupyter of the same user, its extensions and its kernels, stay out of ours.
        JUPYTER_CONFIG_DIR: join(own, "config"),
        JUPYTER_DATA_DIR: join(own, "data"),
        JUPYTER_RUNTIME_DIR: join(own, "runtime"),
        IPYTHONDIR: join(own, "ipython"),
        ...env,
      },
      log: join(directory, "log", "jupyter.log"),
      python,
    },
    isReady: async () => (await get(`http://${LOOPBACK}:${port}/api`)).ok,
  };
}
