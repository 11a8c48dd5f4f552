import type { App } from "cdktf";
import type { Config } from "./config/config";
import { files, scratch } from "./constructs/mounts";
import { execProbes } from "./constructs/probes";
import { Service } from "./constructs/service";
import { Workload } from "./constructs/workload";
import type { NamespaceStack } from "./namespace";
import { PlatformStack } from "./platform-stack";
import { roles } from "./roles";
import { accessList, redisPassword } from "./secrets";

/** The cache, and nothing but a cache: bounded, the least used goes first, nothing on disk. */
export class RedisStack extends PlatformStack {
  readonly service: Service<"redis">;

  constructor(scope: App, config: Config, { namespace }: { readonly namespace: NamespaceStack }) {
    super(scope, "redis", config, [namespace]);
    const role = roles.redis;
    const probe = redisPassword("probe");
    const access = files(accessList, "/run/porta/acl");
    const password = files(probe, "/run/porta/probe");
    new Workload(this, "redis", {
      namespace: namespace.name,
      role,
      image: config.redis.image,
      resources: config.redis.resources,
      takeover: "alone",
      command: ["redis-server"],
      args: [
        ["--port", String(role.ports.redis), "--bind", "*", "--dir", "/tmp"],
        ["--aclfile", `${access.path}/users.acl`],
        ["--maxmemory", `${config.redis.maxmemory}mb`, "--maxmemory-policy", "allkeys-lru"],
        ["--save", "", "--appendonly", "no"],
        // Evicting a large result must not hold up who asks for a small one; a reader that stalls must not evict results.
        ["--lazyfree-lazy-eviction", "yes", "--maxmemory-clients", "10%"],
      ].flat(),
      env: {},
      // The password goes from its file into the client's environment, never into an argument. To be told that it is wrong is a
      // sign of life too: while passwords are changed the file is newer than what Redis has read, until its pod is replaced.
      probes: execProbes(["sh", "-c",
        `REDISCLI_AUTH=$(cat ${password.path}/password) redis-cli --user probe --no-auth-warning -p ${role.ports.redis} ping | ` +
        "grep -qE 'PONG|WRONGPASS|NOAUTH'"]),
      mounts: [access, password, scratch("tmp", "/tmp", 16)],
      checksums: this.checksums(accessList, probe),
      // Nothing to save: it ends at once, and waits only for replies that are on their way.
      graceSeconds: 10,
      rolloutSeconds: config.rolloutSeconds,
    });
    this.service = new Service(this, "service", { namespace: namespace.name, role, ports: ["redis"] });
  }
}
