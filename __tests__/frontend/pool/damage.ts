import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { until } from "../../support";
import { startCache } from "../support/cache";
import { follow } from "../support/events";
import { ask } from "../support/http";
import { cacheEnv } from "../support/service";
import { GZIP, KINDS, LONG, type Stage } from "./stage";

type Damage = (redis: Redis, key: string, other: string, foreign: string) => Promise<unknown>;

/** What may stand in the cache in place of a result of this `key`. `other`: another result that is there; `foreign`: of another kind. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  "a flipped bit in a chunk": (redis, key) => flip(redis, key, "records/0", 1000),
  "a truncated chunk": (redis, key) => truncate(redis, key, "records/0"),
  "a chunk of another result": (redis, key, other) => transplant(redis, key, other, "records/0"),
  "no chunk": (redis, key) => redis.hdel(key, "records/0"),
  "a flipped bit in the manifest": (redis, key) => flip(redis, key, "manifest", 20),
  "a truncated manifest": (redis, key) => truncate(redis, key, "manifest"),
  "the manifest of another result": (redis, key, other) => transplant(redis, key, other, "manifest"),
  "the manifest of another kind": (redis, key, _, foreign) => transplant(redis, key, foreign, "manifest"),
  "the whole of another kind": (redis, key, _, foreign) => redis.copy(foreign, key, "REPLACE"),
  "an empty manifest": (redis, key) => redis.hset(key, "manifest", ""),
  "a manifest of another engine": otherEngine,
  "no manifest": (redis, key) => redis.hdel(key, "manifest"),
  text: (redis, key) => redis.multi().del(key).set(key, "x").exec(),
  "a list": (redis, key) => redis.multi().del(key).rpush(key, "x").exec(),
  nothing: (redis, key) => redis.del(key),
};

async function field(redis: Redis, key: string, name: string): Promise<Buffer> {
  return (await redis.hgetBuffer(key, name)) as Buffer;
}

async function flip(redis: Redis, key: string, name: string, at: number): Promise<void> {
  const bytes = await field(redis, key, name);
  bytes[at] = (bytes[at] as number) ^ 1;
  await redis.hset(key, name, bytes);
}

async function truncate(redis: Redis, key: string, name: string): Promise<void> {
  await redis.hset(key, name, (await field(redis, key, name)).subarray(0, -10));
}

async function transplant(redis: Redis, key: string, other: string, name: string): Promise<void> {
  await redis.hset(key, name, await field(redis, other, name));
}

/** With a checksum that holds. */
async function otherEngine(redis: Redis, key: string): Promise<void> {
  const text = (await field(redis, key, "manifest")).toString().replace(/"engine":\d+/, '"engine":999');
  const covered = text.slice(0, text.lastIndexOf(',"sha256":'));
  await redis.hset(key, "manifest", `${covered},"sha256":"${createHash("sha256").update(covered).digest("hex")}"}`);
}

/** A damaged, truncated, foreign or wrong-typed value is computed again, never served. */
export function damage(on: () => Stage): void {
  let stage: Stage;
  beforeAll(() => void (stage = on()));

  test.each(KINDS)(`in place of %s none of these is served, each is computed again: ${Object.keys(DAMAGES).join(", ")}`, async (_, path) => {
    const others = KINDS.map(([, of]) => of(stage.newSteps()));
    const own = others.find((other) => other.split("/")[1] === path(1).split("/")[1]) as string;
    const foreign = others.find((other) => other !== own) as string;
    for (const other of others) expect((await ask(`${stage.service.url}${other}/summary`)).status).toBe(200);
    // A process that has nothing of it in memory.
    const fresh = await stage.another();
    try {
      const graphs = await stage.graphsStarted();
      const outcomes: unknown[] = [];
      const tried = async ([name, harm]: [string, Damage]): Promise<void> => {
        const at = path(stage.newSteps());
        const good = await ask(`${stage.service.url}${at}/data.json`, GZIP);
        await harm(stage.cache.admin, at.slice(1), own.slice(1), foreign.slice(1));
        const answer = await ask(`${fresh.url}${at}/data.json`, GZIP);
        outcomes.push([name, answer.status, answer.headers["x-cache"], answer.body.equals(good.body)]);
      };
      // Several at once: each waits for dispatch to forget that it has just finished. Not more than ensembles are computed at once.
      const left = Object.entries(DAMAGES);
      const some = async (): Promise<void> => {
        for (let next = left.pop(); next; next = left.pop()) await tried(next);
      };
      await Promise.all(Array.from({ length: 4 }, some));
      expect(outcomes.sort()).toEqual(Object.keys(DAMAGES).map((name) => [name, 200, "miss", true]).sort());
      expect((await stage.graphsStarted()) - graphs).toBe(2 * outcomes.length);
    } finally {
      await fresh.close();
    }
  });

  test("a chunk that turns out damaged under way cuts the body, and the next who asks has it computed again", async () => {
    const path = `/propagation/${LONG}/data.arrow`;
    const fresh = await stage.another({ MEMORY_CACHE_BYTES: "0" });
    try {
      const good = await ask(fresh.url + path, GZIP);
      expect([good.status, good.body.length]).toEqual([200, Number(good.headers["content-length"])]);
      await flip(stage.cache.admin, `propagation/${LONG}`, "arrow/5", 1000);
      await expect(ask(fresh.url + path, GZIP)).rejects.toThrow(/aborted|socket hang up|ECONNRESET/);
      const again = await ask(fresh.url + path, GZIP);
      expect([again.status, again.headers["x-cache"]]).toEqual([200, "miss"]);
      expect(again.body.equals(good.body)).toBe(true);
    } finally {
      await fresh.close();
    }
  });

  test("a pool that is lost between its ready and the result is asked again by who has waited", async () => {
    const steps = stage.newSteps();
    const key = `propagation/${steps}`;
    expect((await ask(`${stage.service.url}/${key}/summary`)).status).toBe(200);
    // With a cache that is not the pool's: the pool says ready, there is nothing, and it is asked again.
    const foreign = await startCache();
    const other = await stage.another({ ...cacheEnv(foreign), DISPATCH_URL: stage.line.url });
    try {
      const before = stage.line.count;
      const follower = follow(`${other.url}/${key}/events`);
      await until(() => stage.line.count > before && stage.line.open === 0, { what: "the pool has said ready" });
      await stage.line.cut(true);
      try {
        await until(() => follower.events.some(({ name }) => name === "waiting"), { what: "who waits is told" });
        await foreign.admin.restore(key, 0, (await stage.cache.admin.dumpBuffer(key)) as Buffer);
      } finally {
        await stage.line.restore();
      }
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.at(-1)).toMatchObject({ name: "ready", data: { steps } });
    } finally {
      await other.close();
      await foreign.stop();
    }
  });

  test("a frontend whose cache is not the pool's says so, in words, and does not ask for ever", async () => {
    const foreign = await startCache();
    const lost = await stage.another(cacheEnv(foreign));
    try {
      const graphs = await stage.graphsStarted();
      const answer = await ask(`${lost.url}/propagation/${stage.newSteps()}/summary`);
      expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "10"]);
      expect(answer.json()).toMatchObject({ detail: expect.stringContaining("frontend and pool use different ones") });
      // More than one, so that what dispatch remembered was not all that was tried; the second found the first's result.
      expect((await stage.graphsStarted()) - graphs).toBeGreaterThan(1);
    } finally {
      await lost.close();
      await foreign.stop();
    }
  });

  test("a result that cannot fit the cache is 507, in words, and not tried again", async () => {
    const steps = LONG + 2;
    await stage.cache.admin.config("SET", "maxmemory", "20mb");
    try {
      const answer = await ask(`${stage.service.url}/propagation/${steps}/data.json`);
      expect([answer.status, answer.headers["retry-after"]]).toEqual([507, undefined]);
      expect(answer.json()).toMatchObject({ title: "The result does not fit the cache", detail: expect.stringContaining("maxmemory") });
      const follower = follow(`${stage.service.url}/propagation/${steps}/events`);
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.at(-1)).toMatchObject({ name: "failed", data: { retryable: false } });
    } finally {
      await stage.cache.admin.config("SET", "maxmemory", "1gb");
    }
  });
}
