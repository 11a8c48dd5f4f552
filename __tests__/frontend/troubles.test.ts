import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { troubleOf } from "../../services/frontend/src/cache/trouble";
import { closeRedis, openRedis } from "../../services/frontend/src/redis";
import { readConfig } from "../../services/frontend/src/config";
import { freePort, freePorts, until } from "../support";
import { selfSigned, startOddValkey, startTls, startWeb, type OtherServer } from "../support/servers";
import { temporaryFolder } from "../support/part";
import { fill } from "./support/fill";
import { ask } from "./support/http";
import { startService } from "./support/service";

const rows = JSON.parse(readFileSync(join(__dirname, "../../services/propagation/tests/golden/redis-troubles.json"), "utf8")) as {
  said: string;
  name: string;
}[];

test.each(rows)("what Redis or its connection says is recognised as workers recognise it: $said", ({ said, name }) => {
  expect(troubleOf(said, "cache:6379").name).toBe(name);
});

/** What is told of a cache: by the first answer, by one that comes when the connection has failed before, and in the log. */
async function told(env: Record<string, string>): Promise<{ first: string; later: string; log: string }> {
  const service = await startService(env);
  const lines: string[] = [];
  const connections = openRedis(readConfig(env).redis, pino({ level: "warn" }, { write: (line: string) => void lines.push(line) }));
  const detail = async (): Promise<string> => {
    const answer = await ask(`${service.url}/propagation/500/summary`);
    expect([answer.status, answer.json()["title"], Number(answer.headers["retry-after"]) > 0]).toEqual([503, "The cache cannot be reached", true]);
    return String(answer.json()["detail"]);
  };
  try {
    const first = await detail();
    const later = await detail();
    await until(() => lines.length > 0, { what: "the log tells" });
    return { first, later, log: (JSON.parse(lines[0] as string) as { reason: string }).reason };
  } finally {
    await service.close();
    closeRedis(connections);
  }
}

interface Case {
  readonly what: string;
  readonly server: () => Promise<OtherServer>;
  readonly env?: (port: number) => Record<string, string>;
  readonly words: string;
}

const plain = (port: number): Record<string, string> => ({ REDIS_ADDR: `127.0.0.1:${port}` });

/** Behind the server that is seen, one that it needs; both end together. */
async function behind<T extends OtherServer>(first: Promise<T>, seen: (first: T) => Promise<OtherServer>): Promise<OtherServer> {
  const back = await first;
  const front = await seen(back);
  return {
    port: front.port,
    stop: async () => {
      await front.stop();
      await back.stop();
    },
  };
}

/** Two nodes that share the slots of a cluster: the one that is seen has not the slot of any key of ours. */
async function cluster(): Promise<OtherServer> {
  const args = ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-port"];
  const buses = (await freePorts(2)).map(String) as [string, string];
  const [seen, other] = await Promise.all([startOddValkey({ args: [...args, buses[0]] }), startOddValkey({ args: [...args, buses[1]] })]);
  await other.admin((redis) => redis.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383"));
  await seen.admin(async (redis) => {
    await redis.call("CLUSTER", "MEET", "127.0.0.1", String(other.port), buses[1]);
    const moved = (): Promise<boolean> => redis.hget("propagation/500", "manifest").then(() => false, (error: Error) => error.message.startsWith("MOVED"));
    await until(moved, { what: "the nodes know each other" });
  });
  return { port: seen.port, stop: () => Promise.all([seen.stop(), other.stop()]).then(() => undefined) };
}

/** A Valkey that loads a file for longer than the test takes. */
async function loading(): Promise<OtherServer> {
  const folder = temporaryFolder();
  const before = await startOddValkey({ folder: folder.path });
  await before.admin(async (redis) => {
    for (let key = 0; key < 2000; key++) await redis.set(`filler/${key}`, "x".repeat(1024));
    await redis.save();
  });
  await before.stop();
  const slow = ["--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024", "--rdbcompression", "no"];
  const server = await startOddValkey({ folder: folder.path, args: slow });
  return {
    port: server.port,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}

/** One client takes the only place. */
async function fullOfClients(): Promise<OtherServer> {
  const server = await startOddValkey({ args: ["--maxclients", "1"] });
  const guest = new Redis({ host: "127.0.0.1", port: server.port, protocol: 2, disableClientInfo: true });
  guest.on("error", () => undefined);
  await until(() => guest.status === "ready", { what: "the place is taken" });
  return {
    port: server.port,
    stop: async () => {
      guest.disconnect();
      await server.stop();
    },
  };
}

const tls = async (port: number, more = {}): Promise<OtherServer> => startTls(port, { ...(await selfSigned()), ...more });

const cases: Case[] = [
  { what: "a node of a Redis Cluster", server: cluster, words: "is a node of a Redis Cluster. Porta needs a single Redis" },
  {
    what: "a node of a Redis Cluster without its slots",
    server: async () => startOddValkey({ args: ["--cluster-enabled", "yes", "--cluster-port", String(await freePort())] }),
    words: "is a node of a Redis Cluster. Porta needs a single Redis",
  },
  {
    what: "a replica that has lost its primary",
    server: () => startOddValkey({ args: ["--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "no"] }),
    words: "is a replica that has lost its primary",
  },
  {
    what: "a Redis that wants a password",
    server: () => startOddValkey({ args: ["--requirepass", "secret"] }),
    words: "asks for a password, and none is set. Set REDIS_PASSWORD",
  },
  {
    what: "a Redis with another password",
    server: () => startOddValkey({ args: ["--requirepass", "secret"] }),
    env: (port) => ({ ...plain(port), REDIS_PASSWORD: "wrong" }),
    words: "refuses this user or password. Set REDIS_USERNAME and REDIS_PASSWORD",
  },
  {
    what: "a Redis whose account may not read",
    server: async () => {
      const server = await startOddValkey();
      await server.admin((redis) => redis.call("ACL", "SETUSER", "guest", "on", ">guest", "+ping"));
      return server;
    },
    env: (port) => ({ ...plain(port), REDIS_USERNAME: "guest", REDIS_PASSWORD: "guest" }),
    words: "accepts this user, but does not allow it what Porta needs. REDIS_USERNAME",
  },
  { what: "a Redis with as many clients as it takes", server: fullOfClients, words: "has as many clients as it takes. Raise its maxclients" },
  { what: "a Redis that loads its data", server: loading, words: "is still loading its data from disk" },
  {
    what: "a Sentinel",
    server: () => startOddValkey({ file: ["sentinel monitor m 127.0.0.1 1 1"], args: ["--sentinel"] }),
    words: "it is a Redis Sentinel, a server of another kind",
  },
  {
    what: "a database that there is not",
    server: () => startOddValkey(),
    env: (port) => ({ REDIS_ADDR: `redis://127.0.0.1:${port}/77` }),
    words: "has no database of this number",
  },
  { what: "a web server", server: startWeb, words: "is no Redis: it answers as a web server does" },
  {
    what: "a web server, with a password",
    server: startWeb,
    env: (port) => ({ ...plain(port), REDIS_PASSWORD: "secret" }),
    words: "is no Redis: it answers as a web server does",
  },
  {
    what: "a Redis that takes only TLS",
    server: () => behind(startOddValkey(), ({ port }) => tls(port)),
    words: "as a port does that takes only TLS. Where it wants TLS, write rediss://",
  },
  {
    what: "a Redis that takes only TLS, with a password",
    server: () => behind(startOddValkey(), ({ port }) => tls(port)),
    env: (port) => ({ ...plain(port), REDIS_PASSWORD: "secret" }),
    words: "as a port does that takes only TLS. Where it wants TLS, write rediss://",
  },
  {
    what: "a Redis without TLS where TLS is asked for",
    server: () => startOddValkey(),
    env: (port) => ({ REDIS_ADDR: `rediss://127.0.0.1:${port}` }),
    words: "speak TLS",
  },
  {
    what: "a Redis whose certificate nobody here knows",
    server: () => behind(startOddValkey(), ({ port }) => tls(port)),
    env: (port) => ({ REDIS_ADDR: `rediss://localhost:${port}` }),
    words: "has a certificate that is not trusted here",
  },
  {
    what: "a name that there is not",
    server: startWeb,
    env: (port) => ({ REDIS_ADDR: `nowhere.invalid:${port}` }),
    words: "its name is not known here",
  },
];

test.each(cases)("$what is told in words, to who asks and in the log", async ({ server, env = plain, words }) => {
  const { port, stop } = await server();
  try {
    const { first, later, log } = await told(env(port));
    for (const said of [first, later, log]) expect(said).toContain(words);
    for (const said of [first, later, log]) expect(said).toMatch(new RegExp(`^The cache at [^ ]+:${port} `));
  } finally {
    await stop();
  }
}, 120_000);

const outside = Object.values(networkInterfaces()).flat().find((address) => address?.family === "IPv4" && !address.internal)?.address;

// It lets in who comes over loopback, so it takes a machine with another address to see it.
(outside === undefined ? test.skip : test)("a Redis in protected mode is told in words", async () => {
  const server = await startOddValkey({ args: ["--bind", "0.0.0.0", "--protected-mode", "yes"] });
  try {
    const { first, later, log } = await told({ REDIS_ADDR: `${outside}:${server.port}` });
    for (const said of [first, later, log]) expect(said).toContain("runs in protected mode");
  } finally {
    await server.stop();
  }
});

test("a replica serves what it holds: a frontend only reads", async () => {
  const primary = await startOddValkey();
  const replica = await startOddValkey({ args: ["--replicaof", `127.0.0.1 ${primary.port}`] });
  const service = await startService(plain(replica.port));
  try {
    await fill({ access: () => ({ address: `127.0.0.1:${primary.port}` }) }, "propagation/500");
    await until(() => replica.admin((redis) => redis.exists("propagation/500")).then((count) => count === 1), { what: "the replica has it" });
    const answer = await ask(`${service.url}/propagation/500/summary`);
    expect([answer.status, answer.headers["x-cache"]]).toEqual([200, "hit"]);
  } finally {
    await service.close();
    await replica.stop();
    await primary.stop();
  }
}, 120_000);
