/** Where a TCP server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface RedisTarget extends Endpoint {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
}

const SCHEDULER_PORT = 8786;
const DISPATCH_PORT = 8788;
const REDIS_PORT = 6379;

/** `host`, `host:port`, `[v6]:port`. */
function readEndpoint(text: string, defaultPort: number): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return host === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

/** The scheduler's address as every Dask tool takes it. TLS between frontend and dispatch is not offered, so nor is `tls://`. */
export function readScheduler(text: string): Endpoint | undefined {
  return readEndpoint(text.replace(/^tcp:\/\//, ""), SCHEDULER_PORT);
}

export function readDispatchUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" || url.username || url.search || url.hash || url.pathname !== "/") return undefined;
  return url;
}

/** Dispatch runs inside the scheduler, on a port of its own. */
export function dispatchBeside({ host }: Endpoint): URL {
  return new URL(`http://${host.includes(":") ? `[${host}]` : host}:${DISPATCH_PORT}`);
}

export function readRedis(text: string): RedisTarget | undefined {
  if (!text.includes("://")) {
    const endpoint = readEndpoint(text, REDIS_PORT);
    return endpoint && { ...endpoint, tls: false, db: 0 };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname || url.search || url.hash) return undefined;
  const db = /^(?:\/(0|[1-9][0-9]{0,2})?)?$/.exec(url.pathname);
  if (!db || url.port === "0") return undefined;
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || REDIS_PORT),
      tls: url.protocol === "rediss:",
      ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
      ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
      db: Number(db[1] ?? 0),
    };
  } catch {
    return undefined; // a stray % in the user's name or the password
  }
}
