import { Child } from "../process/child.mjs";

/**
 * What it takes to run one part of the platform: how it is started, and when it is ready.
 * @typedef {object} Service
 * @property {import("../process/child.mjs").ChildOptions} child
 * @property {() => Promise<boolean>} isReady
 * @property {() => void} [prepare] writes the files that it reads at start
 */

/**
 * @param {Service} service
 * @returns {Child} started, not yet ready
 */
export function spawnService({ child, prepare }) {
  prepare?.();
  return new Child(child);
}

/** Tests and measurements have an end of their own; this one comes before it, and with the part's last lines. */
const START_MS = 240_000;

/**
 * For tests and measurements.
 * @param {Service} service
 * @returns {Promise<Child>} started and ready
 */
export async function startService(service) {
  const child = spawnService(service);
  try {
    await child.ready(service.isReady, { timeout: START_MS });
    return child;
  } catch (error) {
    await child.kill();
    throw error;
  }
}

/**
 * What a part of the platform needs to reach Redis.
 * @typedef {object} RedisAccess
 * @property {string} address host:port or URL
 * @property {string} [username]
 * @property {string} [password]
 */

/**
 * @param {RedisAccess} access without a password: the credentials are in the address, or in our own environment
 * @returns {NodeJS.ProcessEnv}
 */
export function redisEnv({ address, username, password }) {
  if (password === undefined) return { REDIS_ADDR: address };
  return { REDIS_ADDR: address, REDIS_USERNAME: username, REDIS_PASSWORD: password, REDIS_PASSWORD_FILE: undefined };
}

/**
 * @param {string} url
 * @returns {Promise<Response>} whatever the status
 */
export function get(url) {
  return fetch(url, { signal: AbortSignal.timeout(2000) });
}
