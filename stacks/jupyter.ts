import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { App } from "cdktf";
import type { Config } from "./config/config";
import { printMemory } from "./config/quantity";
import { claimed, files } from "./constructs/mounts";
import { httpProbes } from "./constructs/probes";
import { Service } from "./constructs/service";
import { Workload } from "./constructs/workload";
import type { DaskStack } from "./dask";
import { daskTls } from "./dask-tls";
import { limitsEnv } from "./limits";
import type { NamespaceStack } from "./namespace";
import { PlatformStack } from "./platform-stack";
import { pythonEnv, writable } from "./python";
import type { RedisStack } from "./redis";
import { redisUser } from "./redis-user";
import { roles } from "./roles";
import { jupyterSecret } from "./secrets";

export interface JupyterProps {
  readonly namespace: NamespaceStack;
  readonly redis: RedisStack;
  readonly dask: DaskStack;
}

/** JupyterLab on the same pool and the same cache. Its Service is not called `jupyter`: Jupyter reads JUPYTER_PORT. */
export class JupyterStack extends PlatformStack {
  constructor(scope: App, config: Config, { namespace, redis, dask }: JupyterProps) {
    super(scope, "jupyter", config, [namespace, redis, dask]);
    const role = roles.jupyter;
    const { jupyter } = config;
    const tls = daskTls("client");
    const cache = redisUser("notebook", redis.service);
    const token = files(jupyterSecret, "/run/porta/jupyter");
    const claim = new PersistentVolumeClaimV1(this, "volume", {
      metadata: { name: "notebooks", namespace: namespace.name },
      // A class may bind only when the first pod comes.
      waitUntilBound: false,
      // Another class or a smaller size would be another volume: the notebooks would go with the old one.
      lifecycle: { ignoreChanges: ["spec"] },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: printMemory(jupyter.storage) } },
        ...(jupyter.storageClass === null ? {} : { storageClassName: jupyter.storageClass }),
      },
    });
    const home = claimed(claim.metadata.name, "notebooks", "/home/porta");
    new Workload(this, "jupyter", {
      namespace: namespace.name,
      role,
      image: jupyter.image,
      resources: jupyter.resources,
      takeover: "alone",
      args: [
        ["python", "-m", "porta.lab", "--root", `${home.path}/notebooks`, "--examples", "/opt/porta/notebooks"],
        ["--ip=0.0.0.0", `--port=${role.ports.http}`],
      ].flat(),
      env: {
        ...pythonEnv,
        ...tls.env,
        ...cache.env,
        HOME: home.path,
        JUPYTER_TOKEN_FILE: `${token.path}/token`,
        // Keys and sockets of kernels end with their pod.
        JUPYTER_RUNTIME_DIR: "/tmp/jupyter",
        PORTA_DASHBOARD: dask.scheduler.address("dashboard"),
        // Dask's own Client() takes it; dispatch is on the same host.
        DASK_SCHEDULER_ADDRESS: `tls://${dask.scheduler.address("comm")}`,
        ...limitsEnv(config),
      },
      probes: httpProbes({ port: "http", path: "/api" }),
      mounts: [...writable, home, token, tls.mount, cache.mount],
      checksums: this.checksums(jupyterSecret, tls.secret, cache.secret),
      graceSeconds: 30,
      rolloutSeconds: config.rolloutSeconds,
    });
    new Service(this, "service", {
      namespace: namespace.name, name: "dask-notebook", role, ports: ["http"], exposure: jupyter.exposure,
    });
  }
}
