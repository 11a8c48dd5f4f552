import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { User } from "../../scripts/platform/valkey.mjs";
import { askRedis, startValkey, type Valkey } from "../support";

let valkey: Valkey;
beforeAll(async () => {
  valkey = await startValkey({ maxmemory: "64mb" });
});
afterAll(() => valkey.stop());

/** Sends a command as one of the accounts; without one, as any program on this machine. */
function ask(user: User | undefined, command: string, ...args: string[]): Promise<string> {
  return askRedis(valkey.port, user === undefined ? undefined : valkey.access(user), command, ...args);
}

const refused = /NOPERM/;

describe("Redis on one machine", () => {
  test("takes results from workers only, and shows them to whoever is on this machine", async () => {
    for (const key of ["propagation/1", "ensemble/1/1"]) {
      expect(await ask("worker", "HSET", key, "summary", "{}")).toBe("1");
      for (const user of ["frontend", "notebook", undefined] as const) {
        expect(await ask(user, "HGET", key, "summary")).toBe("{}");
        expect(await ask(user, "HSET", key, "summary", "[]")).toMatch(refused);
        expect(await ask(user, "DEL", key)).toMatch(refused);
      }
    }
  });

  test.each([["checkpoint/0/1", "state"], ["chunk/500/0/1000", "sketch"]])("keeps %s to the workers", async (key, field) => {
    expect(await ask("worker", "HSET", key, field, "x")).toBe("1");
    for (const user of ["frontend", "notebook", undefined] as const) {
      expect(await ask(user, "HGET", key, field)).toMatch(refused);
    }
  });

  test("lets nobody look through keys, run scripts, empty it, or change its settings", async () => {
    for (const user of ["frontend", "worker", "notebook", "probe", undefined] as const) {
      for (const command of ["KEYS *", "EVAL return(1) 0", "FLUSHALL", "CONFIG SET maxmemory 0", "SHUTDOWN"]) {
        const [name = "", ...args] = command.split(" ");
        expect(await ask(user, name, ...args)).toMatch(refused);
      }
    }
  });

  test("knows the probe, which may only ask whether it is there", async () => {
    expect(await ask("probe", "PING")).toBe("PONG");
    expect(await ask("probe", "HGET", "propagation/1", "summary")).toMatch(refused);
  });

  test("refuses a wrong password", async () => {
    expect(await ask(undefined, "AUTH", "worker", "wrong")).toMatch(/WRONGPASS/);
  });

  test("is a cache: bounded, the coldest go first", async () => {
    expect((await ask("worker", "INFO", "memory")).split(/\s+/)).toEqual(
      expect.arrayContaining([`maxmemory:${64 * 1024 * 1024}`, "maxmemory_policy:allkeys-lru"]),
    );
  });

  test("leaves nothing on disk when it ends", async () => {
    const own = await startValkey({ maxmemory: "64mb" });
    try {
      expect(await askRedis(own.port, own.access("worker"), "HSET", "propagation/1", "summary", "{}")).toBe("1");
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
