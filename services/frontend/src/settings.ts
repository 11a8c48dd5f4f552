import { readFileSync } from "node:fs";
import { DEFAULT_MAX_ENSEMBLE_STEPS, DEFAULT_MAX_RUNS, DEFAULT_MAX_STEPS } from "./contract";
import { readDispatchUrl, readRedis, readScheduler, type Endpoint, type RedisTarget } from "./addresses";

/** One variable of the environment: what it means, what it may be. `npm start` and the README tell the same from this table. */
export interface Setting<T> {
  readonly name: string;
  readonly meaning: string;
  /** Allowed values, in words. */
  readonly allowed: string;
  /** As it would be written; undefined: unset. */
  readonly fallback: string | undefined;
  readonly secret?: boolean;
  /** The value, or undefined where the text is not allowed. */
  readonly read: (text: string) => T | undefined;
}

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LEVELS)[number];

function integer(name: string, fallback: number, [least, greatest]: [number, number], meaning: string): Setting<number> {
  return {
    name,
    meaning,
    allowed: `a whole number from ${least} to ${greatest}`,
    fallback: String(fallback),
    read: (text) => {
      const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : -1;
      return value >= least && value <= greatest ? value : undefined;
    },
  };
}

const HOSTS = /^[A-Za-z0-9._:-]+$/;

export const SETTINGS = {
  host: {
    name: "HOST",
    meaning: "address to listen on; loopback unless told otherwise, 0.0.0.0 in a container",
    allowed: "an IP address or a host name",
    fallback: "127.0.0.1",
    read: (text: string) => (HOSTS.test(text) ? text : undefined),
  },
  port: integer("PORT", 8080, [0, 65535], "port of the service; 0 takes a free one"),
  metricsPort: integer("METRICS_PORT", 9464, [0, 65535], "port of /metrics; 0 takes a free one"),
  scheduler: {
    name: "DASK_SCHEDULER",
    meaning: "the Dask scheduler's address; dispatch is expected on port 8788 of the same host",
    allowed: "host, host:port or tcp://host:port",
    fallback: "localhost:8786",
    read: readScheduler,
  } satisfies Setting<Endpoint>,
  dispatchUrl: {
    name: "DISPATCH_URL",
    meaning: "where dispatch listens, if not on port 8788 of the scheduler's host",
    allowed: "http://host[:port], without a path",
    fallback: undefined,
    read: readDispatchUrl,
  } satisfies Setting<URL>,
  redis: {
    name: "REDIS_ADDR",
    meaning: "the cache",
    allowed: "host, host:port, redis://[user:password@]host[:port][/database] or the same with rediss:// (TLS)",
    fallback: "localhost:6379",
    secret: true,
    read: readRedis,
  } satisfies Setting<RedisTarget>,
  redisUsername: {
    name: "REDIS_USERNAME",
    meaning: "ACL user of the cache",
    allowed: "a name without blanks",
    fallback: undefined,
    read: (text: string) => (/^\S+$/.test(text) ? text : undefined),
  },
  redisPassword: {
    name: "REDIS_PASSWORD",
    meaning: "password of the cache; a file keeps it out of the environment",
    allowed: "any text",
    fallback: undefined,
    secret: true,
    read: (text: string) => text,
  },
  redisPasswordFile: {
    name: "REDIS_PASSWORD_FILE",
    meaning: "file that holds the password of the cache, instead of REDIS_PASSWORD",
    allowed: "the path of a file that can be read and is not empty",
    fallback: undefined,
    read: readSecretFile,
  },
  maxSteps: integer("MAX_STEPS", DEFAULT_MAX_STEPS, [1, 9_999_999], "greatest number of steps that may be asked for"),
  maxRuns: integer("MAX_RUNS", DEFAULT_MAX_RUNS, [1, 999_999], "greatest number of runs of an ensemble"),
  maxEnsembleSteps: integer(
    "MAX_ENSEMBLE_STEPS",
    DEFAULT_MAX_ENSEMBLE_STEPS,
    [1, 1_000_000_000_000],
    "most steps of all runs of an ensemble together",
  ),
  memoryCacheBytes: integer(
    "MEMORY_CACHE_BYTES",
    64 * 1024 * 1024,
    [0, 64 * 1024 ** 3],
    "memory for bodies that are ready to send; 0 keeps none",
  ),
  holdMs: integer("HOLD_MS", 25_000, [0, 3_600_000], "how long a request is held for a result before it gets 202"),
  drainMs: integer("DRAIN_MS", 3_000, [0, 60_000], "how long after SIGTERM requests are still taken"),
  logLevel: {
    name: "LOG_LEVEL",
    meaning: "least severity that is logged",
    allowed: LEVELS.join(", "),
    fallback: "info",
    read: (text: string) => LEVELS.find((level) => level === text),
  } satisfies Setting<LogLevel>,
} as const;

function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "") || undefined;
  } catch {
    return undefined;
  }
}
