import { passwordOf, redisUsers } from "../../../stacks/secrets";
import type { Platform } from "../support/platform";

/** From a pod that may speak to Redis: each user does what is asked of it; "ok", "NOPERM", or another error. */
const SCRIPT = `
import json, sys, redis
wanted = json.load(sys.stdin)
def attempt(user, password, command):
    client = redis.Redis("redis", 6379, username=user, password=password, socket_timeout=20)
    try:
        client.execute_command(*command)
        return "ok"
    except redis.exceptions.NoPermissionError:
        return "NOPERM"
    except redis.RedisError as error:
        return str(error)
print(json.dumps([attempt(*one) for one in wanted]))
`;

type Command = readonly string[];

const reading: readonly Command[] = [["PING"], ["HGET", "propagation/1", "summary"], ["HMGET", "propagation/1", "a", "b"], ["EXISTS", "propagation/1"]];
const writing: readonly Command[] = [["HSET", "propagation/0-test", "a", "1"], ["DEL", "propagation/0-test"]];
const dangerous: readonly Command[] = [
  ["FLUSHALL"], ["FLUSHDB"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["SCAN", "0"], ["EVAL", "return 1", "0"], ["ACL", "LIST"], ["CLIENT", "LIST"],
  ["SHUTDOWN"], ["REPLICAOF", "NO", "ONE"], ["MONITOR"], ["GET", "propagation/1"], ["HGET", "other", "a"], ["RENAME", "propagation/1", "propagation/2"],
];

/** What each user may do: its own and nothing else. */
const cases: readonly (readonly [string, readonly Command[], readonly Command[]])[] = [
  ["frontend", reading, [...writing, ["EXISTS", "checkpoint/0/1"]]],
  ["notebook", reading, [...writing, ["EXISTS", "checkpoint/0/1"]]],
  ["worker", [...reading, ...writing, ["HSET", "checkpoint/0-test/1", "a", "1"], ["DEL", "checkpoint/0-test/1"]], [["HSET", "other", "a", "1"]]],
  ["probe", [["PING"]], [...reading.slice(1), ...writing]],
];

export function redisAccounts(platform: Platform): void {
  const attempts = async (wanted: readonly (readonly [string, string, Command])[]): Promise<string[]> => {
    const { metadata } = await platform.pod("jupyter-notebook");
    return JSON.parse(await platform.cluster.exec(metadata.name, ["python", "-c", SCRIPT], JSON.stringify(wanted))) as string[];
  };

  test.each(cases)("the user %s does its own, and none of what is not", async (user, can, cannot) => {
    const password = platform.secret(passwordOf(user as (typeof redisUsers)[number]));
    const commands = [...can, ...cannot, ...dangerous];
    const outcomes = await attempts(commands.map((command) => [user, password, command]));
    const found = Object.fromEntries(commands.map((command, index) => [command.join(" "), outcomes[index]]));
    const expected = Object.fromEntries(commands.map((command, index) => [command.join(" "), index < can.length ? "ok" : "NOPERM"]));
    expect(found).toEqual(expected);
  }, 120_000);

  test("every user of the access list is among these; nobody comes in without a password, or with another's", async () => {
    expect(cases.map(([user]) => user).sort()).toEqual([...redisUsers].sort());
    const outcomes = await attempts([
      ["default", "", ["PING"]], ["default", platform.secret(passwordOf("worker")), ["PING"]], ["worker", platform.secret(passwordOf("frontend")), ["PING"]],
    ]);
    expect(outcomes).not.toContain("ok");
  }, 120_000);
}
