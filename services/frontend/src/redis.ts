import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { RedisTarget } from "./addresses";
import { within } from "./deadline";
import { away, type Problem } from "./problem";

/** A manifest is some kilobytes: whoever has not sent it by then is as good as away, and the client hears so within 250 ms. */
const LOOKUP_MS = 200;

/** A chunk is up to 4 MiB, and a worker may be writing one of its own. */
const CHUNK_MS = 5_000;

/** Longest pause between two attempts to reconnect. */
const RECONNECT_MS = 1_000;

/** How long an attempt to connect may take. */
const CONNECT_MS = 1_000;

/** The two connections of a frontend: large chunks must not hold up the small look-ups behind them. */
export interface Connections {
  readonly lookup: Redis;
  readonly chunks: Redis;
}

/** Opens both; returns at once, whether Redis is there or not. */
export function openRedis(target: RedisTarget, log: Logger): Connections {
  const lookup = connect(target, "lookup", log);
  const chunks = connect(target, "chunks", log);
  patience.set(lookup, LOOKUP_MS).set(chunks, CHUNK_MS);
  return { lookup, chunks };
}

export function closeRedis({ lookup, chunks }: Connections): void {
  lookup.disconnect();
  chunks.disconnect();
}

function connect({ host, port, tls, username, password, db }: RedisTarget, name: string, log: Logger): Redis {
  const redis = new Redis({
    host,
    port,
    db,
    ...(tls ? { tls: { servername: host } } : {}),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // RESP 2 and no courtesies: the ACL user may HGET and HMGET, and Redis and Valkey agree on these.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    // A request is answered or refused at once; nothing queues up behind a Redis that is away.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    // What `readFields` has given up on ends with its connection.
    socketTimeout: CHUNK_MS,
    retryStrategy: (attempt) => Math.random() * Math.min(RECONNECT_MS, 50 * 2 ** Math.min(attempt, 10)) + 20,
  });
  redis.setMaxListeners(0); // every read that waits for it listens
  let told = false;
  redis.on("error", (error: Error) => {
    if (REFUSAL.test(error.message)) refusing.add(redis);
    if (!told) log.warn({ connection: name, host, port, reason: error.message || String(error) }, "Redis is away");
    told = true;
  });
  redis.on("ready", () => {
    refusing.delete(redis);
    if (told) log.info({ connection: name, host, port }, "Redis is back");
    told = false;
  });
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

/** Reads fields of a hash. What is there but is no hash counts as nothing there: it is foreign, and will be replaced. */
export async function readFields(redis: Redis, key: string, fields: string[]): Promise<(Buffer | null)[]> {
  try {
    const reply = redis.hmgetBuffer(key, ...fields);
    return await within(patience.get(redis) ?? LOOKUP_MS, reply, () => new Error("Redis did not answer in time"));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("WRONGTYPE")) return fields.map(() => null);
    throw cacheAway(redis, error);
  }
}

/**
 * Reads chunks. Each connection finds out by itself that Redis was away and comes back in its own time: where look-ups are
 * answered again, a read that finds the other one lost waits for it, and is made once more.
 */
export async function readChunks({ lookup, chunks }: Connections, key: string, fields: string[]): Promise<(Buffer | null)[]> {
  try {
    return await readFields(chunks, key, fields);
  } catch (error) {
    if (lookup.status !== "ready") throw error;
  }
  await ready(chunks, RECONNECT_MS + CONNECT_MS);
  return readFields(chunks, key, fields);
}

/** How long each connection waits for a reply, in ms. */
const patience = new WeakMap<Redis, number>();

const REFUSAL = /NOAUTH|NOPERM|WRONGPASS/;

/** Connections that Redis does not let in: to whoever asks meanwhile they look as if there were none. */
const refusing = new WeakSet<Redis>();

function cacheAway(redis: Redis, error: unknown): Problem {
  const message = error instanceof Error ? error.message : "";
  const detail = refusing.has(redis) || REFUSAL.test(message)
    ? "Redis refuses this service's user or password. What is already in memory is still served."
    : "Redis does not answer. What is already in memory is still served; new results have to wait for it.";
  return away("cache", detail);
}
