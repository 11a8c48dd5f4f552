import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { User } from "../../scripts/platform/valkey.mjs";
import { startValkey, type Valkey } from "../support";

let valkey: Valkey;
beforeAll(async () => {
  valkey = await startValkey({ maxmemory: "64mb" });
});
afterAll(() => valkey.stop());

/** As a person would type it; without a user, as whoever is on this machine. */
function redisCli(user: User | undefined, ...args: string[]): string {
  const login = user === undefined ? [] : ["--user", user, "--pass", valkey.access(user).password, "--no-auth-warning"];
  return execFileSync("redis-cli", ["-p", String(valkey.port), ...login, ...args], { encoding: "utf8" }).trim();
}

const refused = /NOPERM/;

describe("Redis on one machine", () => {
  test("takes results from workers only, and shows them to whoever is on this machine", () => {
    for (const key of ["propagation/1", "ensemble/1/1"]) {
      expect(redisCli("worker", "HSET", key, "summary", "{}")).toBe("1");
      for (const user of ["frontend", "notebook", undefined] as const) {
        expect(redisCli(user, "HGET", key, "summary")).toBe("{}");
        expect(redisCli(user, "HSET", key, "summary", "[]")).toMatch(refused);
        expect(redisCli(user, "DEL", key)).toMatch(refused);
      }
    }
  });

  test.each([["checkpoint/0/1", "state"], ["chunk/500/0/1000", "sketch"]])("keeps %s to the workers", (key, field) => {
    expect(redisCli("worker", "HSET", key, field, "x")).toBe("1");
    for (const user of ["frontend", "notebook", undefined] as const) {
      expect(redisCli(user, "HGET", key, field)).toMatch(refused);
    }
  });

  test("lets nobody look through keys, run scripts, empty it, or change its settings", () => {
    for (const user of ["frontend", "worker", "notebook", "probe", undefined] as const) {
      for (const command of [["KEYS", "*"], ["EVAL", "return 1", "0"], ["FLUSHALL"], ["CONFIG", "SET", "maxmemory", "0"], ["SHUTDOWN"]]) {
        expect(redisCli(user, ...command)).toMatch(refused);
      }
    }
  });

  test("knows the probe, which may only ask whether it is there", () => {
    expect(redisCli("probe", "PING")).toBe("PONG");
    expect(redisCli("probe", "HGET", "propagation/1", "summary")).toMatch(refused);
  });

  test("refuses a wrong password", () => {
    expect(redisCli(undefined, "AUTH", "worker", "wrong")).toMatch(/WRONGPASS/);
  });

  test("is a cache: bounded, the coldest go first", () => {
    expect(redisCli("worker", "INFO", "memory").split(/\s+/)).toEqual(
      expect.arrayContaining([`maxmemory:${64 * 1024 * 1024}`, "maxmemory_policy:allkeys-lru"]),
    );
  });

  test("leaves nothing on disk when it ends", async () => {
    const own = await startValkey({ maxmemory: "64mb" });
    try {
      const { password } = own.access("worker");
      const login = ["-p", String(own.port), "--user", "worker", "--pass", password, "--no-auth-warning"];
      expect(execFileSync("redis-cli", [...login, "HSET", "propagation/1", "summary", "{}"], { encoding: "utf8" }).trim()).toBe("1");
      await own.part.stop();
      expect(readdirSync(own.folder).sort()).toEqual(["log", "users.acl"]);
    } finally {
      await own.stop();
    }
  });

  test("keeps its passwords from other users of the machine", () => {
    const file = join(valkey.folder, "users.acl");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toContain(valkey.access("worker").password);
    expect(new Set((["frontend", "worker", "notebook", "probe"] as const).map((user) => valkey.access(user).password)).size).toBe(4);
  });
});
