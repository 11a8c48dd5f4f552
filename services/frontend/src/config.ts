import { dispatchBeside, type Endpoint, type RedisTarget } from "./addresses";
import { SETTINGS, type LogLevel, type Setting } from "./settings";

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** The scheduler that is expected to run dispatch; null where only DISPATCH_URL was given. */
  readonly scheduler: Endpoint | null;
  readonly dispatchUrl: URL;
  readonly redis: RedisTarget;
  readonly maxSteps: number;
  readonly maxRuns: number;
  readonly maxEnsembleSteps: number;
  readonly memoryCacheBytes: number;
  readonly holdMs: number;
  readonly drainMs: number;
  readonly logLevel: LogLevel;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    const count = faults.length === 1 ? "a setting is" : `${faults.length} settings are`;
    super(`The frontend cannot start: ${count} wrong.\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/** Reads the configuration from the environment. @throws ConfigError */
export function readConfig(env: Environment): Config {
  const faults: string[] = [];
  const given = ({ name }: Setting<unknown>): boolean => (env[name] ?? "") !== "";

  function read<T>(setting: Setting<T>): T | undefined {
    const text = given(setting as Setting<unknown>) ? env[setting.name] : setting.fallback;
    if (text === undefined) return undefined;
    const value = setting.read(text);
    if (value === undefined) {
      const shown = setting.secret ? masked(text) : text;
      const otherwise = setting.fallback === undefined ? "unset" : `unset for ${setting.fallback}`;
      faults.push(`${setting.name}=${JSON.stringify(shown)}: allowed is ${setting.allowed}; or ${otherwise}.`);
    }
    return value;
  }

  const values = {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    metricsPort: read(SETTINGS.metricsPort),
    scheduler: read<Endpoint>(SETTINGS.scheduler),
    dispatchUrl: read<URL>(SETTINGS.dispatchUrl),
    redis: read<RedisTarget>(SETTINGS.redis),
    username: read(SETTINGS.redisUsername),
    password: read(SETTINGS.redisPassword),
    passwordFile: read(SETTINGS.redisPasswordFile),
    maxSteps: read(SETTINGS.maxSteps),
    maxRuns: read(SETTINGS.maxRuns),
    maxEnsembleSteps: read(SETTINGS.maxEnsembleSteps),
    memoryCacheBytes: read(SETTINGS.memoryCacheBytes),
    holdMs: read(SETTINGS.holdMs),
    drainMs: read(SETTINGS.drainMs),
    logLevel: read<LogLevel>(SETTINGS.logLevel),
  };
  const passwords = [
    ...[SETTINGS.redisPassword, SETTINGS.redisPasswordFile].filter(given).map(({ name }) => name),
    ...(values.redis?.password === undefined ? [] : [SETTINGS.redis.name]),
  ];
  if (passwords.length > 1) faults.push(`${passwords.join(" and ")}: the password of the cache may be given once.`);
  if (given(SETTINGS.redisUsername) && values.redis?.username !== undefined) {
    faults.push(`${SETTINGS.redisUsername.name} and ${SETTINGS.redis.name}: the user of the cache may be given once.`);
  }
  if (faults.length > 0) throw new ConfigError(faults);

  const { username, password, passwordFile, scheduler, dispatchUrl, redis, ...rest } = values as Required<typeof values>;
  const secret = password ?? passwordFile ?? redis?.password;
  const user = username ?? redis?.username;
  return {
    ...(rest as Omit<Config, "scheduler" | "dispatchUrl" | "redis">),
    scheduler: dispatchUrl && !given(SETTINGS.scheduler) ? null : (scheduler as Endpoint),
    dispatchUrl: dispatchUrl ?? dispatchBeside(scheduler as Endpoint),
    redis: {
      ...(redis as RedisTarget),
      ...(user === undefined ? {} : { username: user }),
      ...(secret === undefined ? {} : { password: secret }),
    },
  };
}

/** What stands before an @ in an address is not for logs. */
function masked(text: string): string {
  return text.replace(/^([a-z]*:\/\/)?.*@/s, "$1***@");
}
