import type { App } from "cdktf";
import type { Config } from "./config/config";
import { scratch } from "./constructs/mounts";
import { httpProbes } from "./constructs/probes";
import { Service } from "./constructs/service";
import { Workload } from "./constructs/workload";
import type { DaskStack } from "./dask";
import { limitsEnv } from "./limits";
import type { NamespaceStack } from "./namespace";
import { PlatformStack } from "./platform-stack";
import type { RedisStack } from "./redis";
import { redisUser } from "./redis-user";
import { roles } from "./roles";

export interface FrontendProps {
  readonly namespace: NamespaceStack;
  readonly redis: RedisStack;
  readonly dask: DaskStack;
}

/** The page and its data: the only part that the world reaches. */
export class FrontendStack extends PlatformStack {
  constructor(scope: App, config: Config, { namespace, redis, dask }: FrontendProps) {
    super(scope, "frontend", config, [namespace, redis, dask]);
    const role = roles.frontend;
    const { frontend } = config;
    const cache = redisUser("frontend", redis.service);
    new Workload(this, "frontend", {
      namespace: namespace.name,
      role,
      image: frontend.image,
      resources: frontend.resources,
      replicas: frontend.replicas,
      takeover: "before",
      env: {
        ...cache.env,
        HOST: "0.0.0.0",
        PORT: String(role.ports.http),
        METRICS_PORT: String(role.ports.metrics),
        DASK_SCHEDULER: dask.scheduler.address("comm"),
        ...limitsEnv(config),
      },
      probes: httpProbes({ port: "http", path: "/health/live" }, { port: "http", path: "/health/ready" }),
      mounts: [scratch("tmp", "/tmp", 16), cache.mount],
      checksums: this.checksums(cache.secret),
      // It needs under ten: three for the endpoints to notice, then held requests and streams end.
      graceSeconds: 30,
      rolloutSeconds: config.rolloutSeconds,
    });
    new Service(this, "service", { namespace: namespace.name, role, ports: ["http"], exposure: frontend.exposure });
  }
}
