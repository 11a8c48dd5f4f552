import type { App } from "cdktf";
import type { Config } from "./config/config";
import { httpProbes } from "./constructs/probes";
import { Service } from "./constructs/service";
import { Workload } from "./constructs/workload";
import { daskTls } from "./dask-tls";
import { limitsEnv } from "./limits";
import type { NamespaceStack } from "./namespace";
import { PlatformStack } from "./platform-stack";
import { pythonEnv, writable } from "./python";
import type { RedisStack } from "./redis";
import { redisUser } from "./redis-user";
import { roles } from "./roles";

/**
 * Mebibytes of a worker's pod for porta.prefork, which forks the worker, watches its memory and forks the next one. Most of what it
 * holds it shares with the worker, and the pod pays for that once: alone it has some 25, and at most the 60 that it forks with.
 */
const besideWorker = 128;

/** How long a worker that is told to go may take for the tasks that it has begun: a whole walk, or a user's own. */
const drainSeconds = 60;

/** How long a worker that is replaced takes until the next one may be: 12 to 20 s on busy cores, when it drains nothing. */
const workerSeconds = 30;

export interface DaskProps {
  readonly namespace: NamespaceStack;
  readonly redis: RedisStack;
}

/** The pool: a scheduler, with dispatch inside it, and its workers. */
export class DaskStack extends PlatformStack {
  readonly scheduler: Service<"comm" | "dashboard" | "dispatch">;

  constructor(scope: App, config: Config, { namespace, redis }: DaskProps) {
    super(scope, "dask", config, [namespace, redis]);
    this.#scheduler(config, namespace);
    const role = roles.scheduler;
    this.scheduler = new Service(this, "service", {
      namespace: namespace.name,
      role,
      ports: ["comm", "dashboard", "dispatch"],
      // Dispatch is ready when there are workers, and these find the scheduler by this name. There is never another one to send
      // anybody to, and dispatch itself tells who asks why it cannot serve.
      unready: true,
    });
    this.#workers(config, namespace, redis);
  }

  #scheduler(config: Config, namespace: NamespaceStack): void {
    const role = roles.scheduler;
    const tls = daskTls("scheduler");
    new Workload(this, "scheduler", {
      namespace: namespace.name,
      role,
      image: config.scheduler.image,
      resources: config.scheduler.resources,
      takeover: "alone",
      args: [
        // Dask's own pages take most of a second to import: they are loaded when somebody looks at them.
        ["python", "-m", "porta.prefork", "scheduler", "--preload", "porta.dispatch", "--no-dashboard"],
        ["--preload", "porta.dispatch.dashboard", "--protocol", "tls", "--host", "0.0.0.0"],
        ["--port", String(role.ports.comm), "--dashboard-address", `:${role.ports.dashboard}`],
      ].flat(),
      env: {
        ...pythonEnv,
        ...tls.env,
        PORTA_DISPATCH_HOST: "0.0.0.0",
        PORTA_DISPATCH_PORT: String(role.ports.dispatch),
        ...limitsEnv(config),
      },
      probes: httpProbes({ port: "dashboard", path: "/health" }, { port: "dispatch", path: "/health" }),
      mounts: [...writable, tls.mount],
      checksums: this.checksums(tls.secret),
      graceSeconds: 30,
      // It is ready when all its workers are of its own kind, and those of the last kind are replaced one by one.
      rolloutSeconds: config.rolloutSeconds + config.worker.replicas * workerSeconds,
    });
  }

  #workers(config: Config, namespace: NamespaceStack, redis: RedisStack): void {
    const role = roles.worker;
    const { worker } = config;
    const tls = daskTls("worker");
    const cache = redisUser("worker", redis.service);
    new Workload(this, "workers", {
      namespace: namespace.name,
      role,
      image: worker.image,
      resources: worker.resources,
      replicas: worker.replicas,
      takeover: "after",
      args: [
        ["python", "-m", "porta.prefork", "worker", `tls://${this.scheduler.address("comm")}`, "--preload", "porta.worker"],
        ["--name", "$(POD_NAME)", "--nthreads", "1", "--memory-limit", `${worker.resources.memory.limit - besideWorker}MiB`],
        ["--worker-port", String(role.ports.comm)],
        ["--dashboard-address", `:${role.ports.http}`, "--no-dashboard"],
        ["--local-directory", "/tmp", "--death-timeout", "120"],
      ].flat(),
      env: {
        ...pythonEnv,
        ...tls.env,
        ...cache.env,
        // For porta.drain. Not DASK_SCHEDULER, as the frontend has it: Dask would take that for the name of a local scheduler.
        DASK_SCHEDULER_ADDRESS: `tls://${this.scheduler.address("comm")}`,
        ...limitsEnv(config),
        PORTA_DRAIN_SECONDS: String(drainSeconds),
      },
      probes: httpProbes({ port: "http", path: "/health" }),
      mounts: [...writable, tls.mount, cache.mount],
      checksums: this.checksums(tls.secret, cache.secret),
      preStop: ["python", "-m", "porta.drain"],
      // After the drain, what Dask takes to say good-bye.
      graceSeconds: drainSeconds + 15,
      rolloutSeconds: config.rolloutSeconds,
    });
  }
}
