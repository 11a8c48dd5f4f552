import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { python } from "../../scripts/paths.mjs";
import { PATIENCE_MS } from "../../services/frontend/src/deadline";
import { startCache, type Cache } from "./support/cache";
import { follow } from "./support/events";
import { fill } from "./support/fill";
import { ask, type Answer } from "./support/http";
import { startLine } from "./support/line";
import { listened } from "./support/listened";
import { cacheEnv, startService, type Service } from "./support/service";
import { until } from "../support";

const GZIP = { headers: { "accept-encoding": "gzip" } };
const PRODUCTS = ["summary", "overview", "data.json", "data.js", "data.arrow"];

/** Small results that are in the cache. */
const STORED = Array.from({ length: 20 }, (_, index) => `propagation/${index + 1}`);

let cache: Cache;

beforeAll(async () => {
  cache = await startCache();
  await fill(cache, "propagation/500", "propagation/40000", ...STORED);
}, 240_000);

afterAll(async () => {
  freeze("SIGCONT");
  await cache?.stop();
});

function freeze(signal: "SIGSTOP" | "SIGCONT"): void {
  process.kill(cache.part.pid, signal);
}

/** A frontend with nothing in memory yet. */
function start(env: Record<string, string> = {}): Promise<Service> {
  return startService({ ...cacheEnv(cache), ...env });
}

/** The different answers that are not 200. */
function others(answers: readonly Answer[]): string[] {
  return [...new Set(answers.flatMap(({ status, text }) => (status === 200 ? [] : [`${status} ${text}`])))];
}

/** How many commands wait for their reply on both connections. */
function unanswered({ connections: { lookup, chunks } }: Service): number {
  return [lookup, chunks].reduce((sum, redis) => sum + (redis as unknown as { commandQueue: { length: number } }).commandQueue.length, 0);
}

test("a thousand requests during a second for which Redis is stopped are all answered afterwards, and leave nothing behind", async () => {
  const service = await start();
  try {
    const urls = Array.from({ length: 1000 }, (_, index) => `${service.url}/${STORED[index % STORED.length]}/${PRODUCTS[index % PRODUCTS.length]}`);
    freeze("SIGSTOP");
    const asked = Promise.all(urls.map((url) => ask(url, GZIP)));
    await sleep(1_000);
    freeze("SIGCONT");
    expect(others(await asked)).toEqual([]);
    expect(unanswered(service)).toBe(0);
  } finally {
    freeze("SIGCONT");
    await service.close();
  }
});

test("requests while Redis is busy for a second with something long are answered afterwards", async () => {
  const service = await start();
  try {
    const urls = PRODUCTS.map((product) => `${service.url}/propagation/500/${product}`);
    await cache.admin.client("PAUSE", 1_000, "ALL");
    expect(others(await Promise.all(urls.map((url) => ask(url, GZIP))))).toEqual([]);
  } finally {
    await cache.admin.client("UNPAUSE");
    await service.close();
  }
});

test("a frontend that starts while Redis is stopped answers its first client when Redis goes on", async () => {
  freeze("SIGSTOP");
  const starting = start();
  try {
    const going = setTimeout(() => freeze("SIGCONT"), 1_000);
    const service = await starting;
    expect((await ask(`${service.url}/propagation/500/summary`)).status).toBe(200);
    clearTimeout(going);
  } finally {
    freeze("SIGCONT");
    await (await starting).close();
  }
});

test("a request whose connection to Redis is cut while it waits asks again over the next one", async () => {
  const line = await startLine(`http://${cache.address}`);
  const service = await start({ REDIS_ADDR: new URL(line.url).host });
  try {
    freeze("SIGSTOP");
    const asked = ask(`${service.url}/propagation/500/summary`);
    await until(() => unanswered(service) > 0, { what: "it is asked" });
    await line.cut(false);
    freeze("SIGCONT");
    expect((await asked).status).toBe(200);
  } finally {
    freeze("SIGCONT");
    await service.close();
    await line.close();
  }
});

test("a Redis that stays stopped is waited for as long as a person would, then told; what is in memory is served meanwhile", async () => {
  const service = await start();
  const held = ["data.json", "summary", "overview"].map((name) => `${service.url}/propagation/500/${name}`);
  for (const url of held) await ask(url, GZIP);
  freeze("SIGSTOP");
  try {
    const refused = listened(() => ask(`${service.url}/propagation/40000/summary`));
    const follower = follow(`${service.url}/propagation/500/events`);
    const served = await listened(async () => {
      for (const url of held) {
        expect((await ask(url, GZIP)).headers["x-cache"]).toBe("hit");
        expect((await ask(url)).status).toBe(200);
      }
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.map(({ name }) => name)).toEqual(["ready"]);
    });
    const { result, ms } = await refused;
    expect(result.status).toBe(503);
    expect(Number(result.headers["retry-after"])).toBeGreaterThan(0);
    expect(result.json()).toMatchObject({ title: "The cache cannot be reached", detail: expect.stringContaining("does not answer in time") });
    expect(ms).toBeGreaterThan(PATIENCE_MS / 2);
    expect(ms).toBeLessThan(2 * PATIENCE_MS);
    expect(served.ms).toBeLessThan(PATIENCE_MS);
    expect((await ask(`${service.url}/health/ready`)).status).toBe(200);
  } finally {
    freeze("SIGCONT");
    await service.close();
  }
});

/** A server whose system drops every packet that would open a connection, since the queue for them is full. */
const DEAF = `
import socket, sys
server = socket.create_server(("127.0.0.1", 0), backlog=0)
fillers = [socket.socket() for _ in range(8)]
for filler in fillers:
    filler.setblocking(False)
    filler.connect_ex(server.getsockname())
print(server.getsockname()[1], flush=True)
sys.stdin.read()
`;

test.each([
  ["Redis", (port: number) => ({ REDIS_ADDR: `127.0.0.1:${port}` }), /^The cache at 127.0.0.1:\d+ does not answer in time/],
  ["dispatch", (port: number) => ({ DISPATCH_URL: `http://127.0.0.1:${port}` }), /^Dispatch at http:\/\/127.0.0.1:\d+ has not answered for 2 s/],
])("a connection to %s whose packets are dropped is waited for, and told as slow, not as absent", async (_, env, words) => {
  const deaf = spawn(python, ["-IS", "-c", DEAF], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await new Promise<number>((resolve) => deaf.stdout.once("data", (data: Buffer) => resolve(Number(data.toString()))));
    const service = await start(env(port));
    try {
      const { result, ms } = await listened(() => ask(`${service.url}/propagation/501/summary`));
      expect(result.status).toBe(503);
      expect(result.json()["detail"]).toMatch(words);
      expect(ms).toBeGreaterThan(PATIENCE_MS / 2);
    } finally {
      await service.close();
    }
  } finally {
    deaf.kill();
  }
});
