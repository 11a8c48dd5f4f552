import { isIP } from "node:net";
import { Redis, ReplyError } from "ioredis";
import type { Logger } from "pino";
import type { RedisTarget } from "./addresses";
import { Link } from "./cache/link";
import type { Trouble } from "./cache/trouble";
import { afterListening, PATIENCE_MS } from "./deadline";
import { away, type Problem } from "./problem";

/** A chunk is up to 4 MiB, and a worker may be writing one of its own. */
const CHUNK_MS = 5_000;

/** Longest pause between two attempts to reconnect. */
const RECONNECT_MS = 1_000;

/** How long an attempt to connect may take: no longer than a request waits, since the next attempt may find another server. */
const CONNECT_MS = PATIENCE_MS;

/** After so long without a byte a connection is replaced: its server is probably gone, and what requests have given up on goes with it. */
const SILENCE_MS = 5_000;

/** The two connections of a frontend: large chunks must not hold up the small look-ups behind them. */
export interface Connections {
  readonly lookup: Redis;
  readonly chunks: Redis;
}

/** Opens both; returns at once, whether Redis is there or not. */
export function openRedis(target: RedisTarget, log: Logger): Connections {
  const lookup = connect(target, "lookup", log);
  const chunks = connect(target, "chunks", log);
  return { lookup, chunks };
}

export function closeRedis({ lookup, chunks }: Connections): void {
  lookup.disconnect();
  chunks.disconnect();
}

function connect(target: RedisTarget, name: string, log: Logger): Redis {
  const { host, port, tls, username, password, db } = target;
  const redis = new Redis({
    host,
    port,
    db,
    ...(tls ? { tls: isIP(host) ? {} : { servername: host } } : {}), // TLS has no names that are addresses
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // RESP 2 and no courtesies: the ACL user may HGET and HMGET, and Redis and Valkey agree on these.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    // Requests wait in `readFields`, each for its own time; nothing queues up behind a Redis that is away.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.random() * Math.min(RECONNECT_MS, 50 * 2 ** Math.min(attempt, 10)) + 20,
  });
  redis.setMaxListeners(0); // every read that waits for it listens
  links.set(redis, new Link(redis, name, target, log));
  return redis;
}

/** Waits until Redis answers, at most for some milliseconds; so a service that has just started does not refuse its first client. */
export async function settled({ lookup, chunks }: Connections, wait: number): Promise<void> {
  await Promise.all([ready(lookup, wait), ready(chunks, wait)]);
}

function ready(redis: Redis, wait: number): Promise<void> {
  return new Promise((resolve) => {
    if (redis.status === "ready") return resolve();
    const end = (): void => {
      clearTimeout(timer);
      redis.off("ready", end);
      resolve();
    };
    const timer = setTimeout(end, wait).unref();
    redis.once("ready", end);
  });
}

/**
 * Reads fields of a hash. What is there but is no hash counts as nothing there: it is foreign, and will be replaced. A Redis
 * that is slow is waited for, across reconnections; one that is known to be absent, or that answers with an error, is not.
 *
 * @throws Problem 503
 */
export function readFields(redis: Redis, key: string, fields: string[], patience = PATIENCE_MS): Promise<(Buffer | null)[]> {
  const link = links.get(redis) as Link;
  return new Promise((resolve, reject) => {
    let over = false;
    let stopListening = (): void => undefined;
    const end = (): boolean => {
      if (over) return false;
      over = true;
      cancel();
      stopListening();
      return true;
    };
    const refuse = (trouble: Trouble): void => {
      if (end()) reject(cacheAway(trouble));
    };
    const cancel = afterListening(patience, () => refuse(link.silent()));
    const answered = (values: (Buffer | null)[]): void => {
      if (!end()) return;
      link.answered();
      resolve(values);
    };
    const failed = (error: unknown): void => {
      if (over) return;
      if (!(error instanceof ReplyError)) return next(); // the connection was lost under the command
      const reply = error as Error;
      if (reply.message.startsWith("WRONGTYPE")) return answered(fields.map(() => null));
      refuse(link.replied(reply));
    };
    const next = (): void => {
      stopListening();
      if (over) return;
      const { trouble } = link;
      if (link.open) redis.hmgetBuffer(key, ...fields).then(answered, failed);
      else if (trouble && !trouble.slow && redis.status !== "ready") refuse(trouble);
      else stopListening = link.onChange(next);
    };
    next();
  });
}

/**
 * Reads chunks. Each connection finds out by itself that Redis was away and comes back in its own time: where look-ups are
 * answered again, a read that finds the other one lost waits for it, and is made once more.
 */
export async function readChunks({ lookup, chunks }: Connections, key: string, fields: string[]): Promise<(Buffer | null)[]> {
  try {
    return await readFields(chunks, key, fields, CHUNK_MS);
  } catch (error) {
    if (lookup.status !== "ready" || chunks.status === "ready") throw error;
  }
  await ready(chunks, RECONNECT_MS + CONNECT_MS);
  return readFields(chunks, key, fields, CHUNK_MS);
}

/** What is known of each connection. */
const links = new WeakMap<Redis, Link>();

function cacheAway({ words }: Trouble): Problem {
  return away("cache", `${words} What is already in memory is still served; new results have to wait for the cache.`);
}
