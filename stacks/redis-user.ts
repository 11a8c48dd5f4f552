import { files, type Mount } from "./constructs/mounts";
import type { Service } from "./constructs/service";
import { redisPassword, type RedisUser, type SecretSpec } from "./secrets";

/** What a process needs to speak to Redis as one of its users. */
export function redisUser(user: RedisUser, redis: Service<"redis">): {
  readonly secret: SecretSpec;
  readonly mount: Mount;
  readonly env: Readonly<Record<string, string>>;
} {
  const secret = redisPassword(user);
  const mount = files(secret, "/run/porta/redis");
  return {
    secret,
    mount,
    env: {
      REDIS_ADDR: redis.address("redis"),
      REDIS_USERNAME: user,
      REDIS_PASSWORD_FILE: `${mount.path}/password`,
    },
  };
}
