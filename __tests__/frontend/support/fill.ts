import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { numbaCache, python } from "../../../scripts/paths.mjs";
import { redisEnv, type RedisAccess } from "../../../scripts/platform/service.mjs";
import type { Valkey } from "../../support";

const run = promisify(execFile);

/** Puts real results into a real cache, written by the Python package under the worker's account: `propagation/500`, `ensemble/300/40?seed=7`. */
export async function fill(valkey: { access(user: "worker"): RedisAccess }, ...keys: string[]): Promise<void> {
  const env = { ...process.env, ...redisEnv(valkey.access("worker")) };
  await run(python, [join(__dirname, "fill.py"), ...keys], { env: { ...env, NUMBA_CACHE_DIR: numbaCache }, timeout: 200_000 });
}

/** A connection with the worker's rights: what a test needs to do damage. */
export function workerConnection(valkey: Valkey): Redis {
  const { username, password } = valkey.access("worker");
  return new Redis({ host: "127.0.0.1", port: valkey.port, username, password, protocol: 2, lazyConnect: true });
}

/** How many commands of which kind the server has run so far. */
export async function commandCounts(valkey: Valkey): Promise<Record<string, number>> {
  const { username, password } = valkey.access("probe");
  const redis = new Redis({ host: "127.0.0.1", port: valkey.port, username, password, protocol: 2, disableClientInfo: true });
  try {
    const text = await redis.info("commandstats");
    return Object.fromEntries([...text.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map(([, name, calls]) => [name, Number(calls)]));
  } finally {
    redis.disconnect();
  }
}
