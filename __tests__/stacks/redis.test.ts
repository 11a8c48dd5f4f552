import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { python } from "../../scripts/paths.mjs";
import { Child } from "../../scripts/process/child.mjs";
import { talk } from "../../scripts/process/ports.mjs";
import { findValkey } from "../../scripts/platform/valkey.mjs";
import { freePort } from "../support";
import { temporaryFolder } from "../support/part";
import { ensureSecrets } from "../../scripts/deploy/secrets";
import { readConfig } from "../../stacks/config/config";
import { passwordOf, type RedisUser } from "../../stacks/secrets";
import { asLocal } from "./support/local";
import { redisCliFolder } from "./support/redis-cli";
import { synth } from "./support/synth";

/** What each account is for, and what it must not do. `{r}` and `{e}` are results' keys, `{c}` a checkpoint's, `{k}` a chunk's. */
const allowed: Readonly<Record<RedisUser, readonly string[]>> = {
  frontend: ["hget {r} summary", "hmget {r} summary manifest", "exists {r}", "hget {e} summary", "ping", "client setname x"],
  notebook: ["hget {r} summary", "hmget {r} summary manifest", "exists {r}", "hget {e} summary", "ping"],
  worker: [
    ...["hset {r} summary {}", "hget {r} summary", "del {r}", "hset {e} summary {}", "hget {e} summary", "del {e}"],
    ...["hset {c} state x", "hget {c} state", "hset {k} sketch x", "hget {k} sketch", "multi", "exec"],
  ],
  probe: ["ping"],
};
const everywhere = ["flushall", "keys *", "scan 0", "config set maxmemory 1", "eval return(1) 0", "acl list", "shutdown", "get x", "save", "monitor"];
const refused: Readonly<Record<RedisUser, readonly string[]>> = {
  frontend: ["hset {r} summary {}", "del {r}", "hset {e} summary {}", "hget {c} state", "hget {k} sketch", "hget other x", "multi", "config get maxmemory", ...everywhere],
  notebook: ["hset {r} summary {}", "del {r}", "hset {e} summary {}", "hget {c} state", "hget {k} sketch", "hget other x", ...everywhere],
  worker: ["hget other x", "hset other x y", "expire {r} 1", "rename {r} {c}", ...everywhere],
  probe: ["hget {r} summary", "hget {e} summary", "hset {r} summary {}", "exists {r}", ...everywhere],
};

const keys: Readonly<Record<string, string>> = {
  "{r}": "propagation/500", "{e}": "ensemble/500/1000", "{c}": "checkpoint/0/1", "{k}": "chunk/500/0/1000",
};

test("the largest run that may be asked for fits the cache, of which a result may take a quarter", async () => {
  const estimate = "from porta.contract import MAX_STEPS; from porta.result import estimate_bytes; print(estimate_bytes(MAX_STEPS))";
  const { stdout } = await promisify(execFile)(python, ["-c", estimate]);
  const { maxmemory } = readConfig({}).redis;
  expect(Number(stdout) / 2 ** 20).toBeGreaterThan(100);
  expect((4 * Number(stdout)) / 2 ** 20).toBeLessThanOrEqual(maxmemory);
});

describe("the declared Redis, as a process here", () => {
  const folder = temporaryFolder();
  let server: Child;
  let port: number;
  let program: string;
  let probe: string[];
  let values: Readonly<Record<string, string>>;

  function connect(username: RedisUser): Redis {
    const password = values[passwordOf(username)] ?? "";
    return new Redis({ port, username, password, retryStrategy: () => null, lazyConnect: true });
  }

  async function answer(redis: Redis, line: string): Promise<string> {
    const [command = "", ...args] = line.split(" ").map((word) => keys[word] ?? word);
    try {
      await redis.call(command, ...args);
      return "allowed";
    } catch (error) {
      return /NOPERM|NOAUTH|WRONGPASS/.exec((error as Error).message)?.[0] ?? (error as Error).message;
    }
  }

  beforeAll(async () => {
    ({ values } = await ensureSecrets(`${folder.path}/secrets.json`, { passwords: false, certificates: false }));
    port = await freePort();
    const platform = synth({ REDIS_MAXMEMORY: "64Mi" });
    const instead = { 6379: String(port), "*": "127.0.0.1" };
    const declared = asLocal(platform, "redis", { directory: folder.path, values, instead });
    const [, ...args] = declared.args;
    [program = "", ...probe] = declared.probe;
    server = new Child({ name: "redis", command: findValkey(python), args, log: `${folder.path}/redis.log`, python });
    await server.ready(async () => {
      const redis = connect("probe");
      try {
        await redis.connect();
        return true;
      } catch {
        return false;
      } finally {
        redis.disconnect();
      }
    });
  });

  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  test.each(Object.keys(allowed) as RedisUser[])("%s can do its own and nothing else", async (user) => {
    const redis = connect(user);
    await redis.connect();
    const outcome = async (lines: readonly string[]) => {
      const answers: Record<string, string> = {};
      for (const line of lines) answers[line] = await answer(redis, line);
      return answers;
    };
    expect(await outcome(allowed[user])).toEqual(Object.fromEntries(allowed[user].map((line) => [line, "allowed"])));
    expect(await outcome(refused[user])).toEqual(Object.fromEntries(refused[user].map((line) => [line, "NOPERM"])));
    redis.disconnect();
  });

  test("nobody is let in without a password, or with another's", async () => {
    const line = (text: string) => talk(port, `${text}\r\n`, (answer) => answer.endsWith("\r\n"));
    expect(await line("PING")).toMatch(/^-NOAUTH/);
    expect(await line("AUTH default x")).toMatch(/^-WRONGPASS/);
    expect(await line(`AUTH worker ${values[passwordOf("frontend")]}`)).toMatch(/^-WRONGPASS/);
    expect(await line(`AUTH worker ${values[passwordOf("worker")]}`)).toMatch(/^\+OK/);
  });

  test("the probe says alive while Redis answers, be it that the password has been changed meanwhile", () => {
    const env = { ...process.env, PATH: `${redisCliFolder(folder.path)}:${process.env.PATH ?? ""}` };
    const ask = (words: readonly string[]) => spawnSync(program, words, { encoding: "utf8", timeout: 20_000, env });
    expect(ask(probe).status).toBe(0);
    expect(ask(probe.map((word) => word.replace("--user probe", "--user worker"))).status).toBe(0);
    expect(ask(probe.map((word) => word.replace(String(port), "1"))).status).not.toBe(0);
    // The password is in no argument that a process list would show.
    expect(probe.join(" ")).not.toContain(values[passwordOf("probe")]);
  });

  test("takes more than it can hold, and forgets the least used instead of refusing", async () => {
    const worker = connect("worker");
    await worker.connect();
    const megabyte = randomBytes(2 ** 20);
    const write = async (from: number, to: number) => {
      for (let steps = from; steps <= to; steps += 1) expect(await worker.hset(`propagation/${steps}`, "arrow/0", megabyte)).toBe(1);
    };
    await write(1, 16);
    // Redis counts idleness in seconds, and picks the idlest of a sample: so the old must be seconds older, and a few may stay.
    await setTimeout(2_500);
    await write(17, 112);
    const old = Array.from({ length: 16 }, (_, index) => `propagation/${index + 1}`);
    expect(await worker.exists(...old)).toBeLessThanOrEqual(5);
    expect(await worker.exists("propagation/112")).toBe(1);
    worker.disconnect();
  });
});
