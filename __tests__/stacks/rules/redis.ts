import { mebibytes } from "../../../stacks/config/quantity";
import { option } from "../support/platform";
import type { Rule } from "../support/rule";
import { unless } from "../support/rule";

const set = (name: string, value: string) => (platform: Parameters<Rule["check"]>[0]): void => {
  const { args = [] } = platform.container("redis");
  args[args.indexOf(name) + 1] = value;
};

export const redisRules: readonly Rule[] = [
  {
    promise: "Redis is a cache: bounded below its pod, the least used goes first, nothing on disk",
    check: (platform) => {
      const redis = platform.container("redis");
      const most = Number(/^(\d+)mb$/.exec(option(redis, "--maxmemory") ?? "")?.[1]);
      const limit = mebibytes(redis.resources.limits["memory"] ?? "") ?? 0;
      return [
        ...unless(most * 1.25 + 64 <= limit, `may hold ${most} of ${limit} MiB`),
        ...unless(option(redis, "--maxmemory-policy") === "allkeys-lru", "refuses when full"),
        ...unless(option(redis, "--save") === "" && option(redis, "--appendonly") === "no", "writes to disk"),
        ...unless(platform.pod("redis").volume.every((volume) => !volume.persistent_volume_claim), "has a disk"),
      ];
    },
    mutants: {
      "as large as its pod": set("--maxmemory", "1024mb"),
      unbounded: set("--maxmemory", "0"),
      "full is full": set("--maxmemory-policy", "noeviction"),
      snapshots: set("--save", "3600 1"),
      "a log": set("--appendonly", "yes"),
    },
  },
  {
    promise: "nobody is let in without an account; accounts are known by their password's hash and may do what the one file says",
    check: (platform) => {
      const [file, ...rest] = (platform.secret("redis-acl").data["users.acl"] ?? "").trimEnd().split("\n");
      const users = rest.map((line) => /^user (\w+) on #\$\{sha256\(var\.redis_password_(\w+)\)\} (.*)$/.exec(line));
      return [
        ...unless(file === "user default off", "the default user is on"),
        ...unless(users.length === 4, "there are more or fewer than four accounts"),
        ...users.flatMap((user) => unless(
          user !== null && user[1] === user[2] && / -@all /.test(` ${user[3] ?? ""} `) && !/\+@|nopass|allkeys|~\*|allcommands/.test(user[3] ?? ""),
          `${user?.[1]} may do more than it is told`)),
        ...unless(option(platform.container("redis"), "--aclfile") !== undefined, "the accounts are not read"),
      ];
    },
    mutants: {
      "the default user": (platform) => {
        const { data } = platform.secret("redis-acl");
        data["users.acl"] = (data["users.acl"] ?? "").replace("user default off\n", "");
      },
      "without a password": (platform) => {
        const { data } = platform.secret("redis-acl");
        data["users.acl"] = (data["users.acl"] ?? "").replace(/#\$\{sha256\(var.redis_password_worker\)\}/, "nopass");
      },
      "another's password": (platform) => {
        const { data } = platform.secret("redis-acl");
        data["users.acl"] = (data["users.acl"] ?? "").replace("redis_password_worker", "redis_password_frontend");
      },
      "all commands": (platform) => {
        const { data } = platform.secret("redis-acl");
        data["users.acl"] = (data["users.acl"] ?? "").replace("-@all", "+@all");
      },
      "not read": (platform) => {
        const redis = platform.container("redis");
        redis.args = redis.args?.filter((word) => word !== "--aclfile") ?? [];
      },
    },
  },
];
