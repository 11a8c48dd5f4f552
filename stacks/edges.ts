import type { Config } from "./config/config";
import { roles } from "./roles";

/** Pods as a network policy names them: by their labels and, where they may be in another namespace, by its labels. */
export interface Pods {
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of their namespace; `{}` is any namespace. Without it: this one. */
  readonly namespace?: Readonly<Record<string, string>>;
}

/** Whoever opens a connection; "anyone" is every address, inside and outside the cluster. */
export type Peer = Pods | "anyone";

export interface Edge {
  readonly from: Peer;
  readonly to: Pods;
  readonly ports: readonly number[];
}

/** Prometheus, wherever it runs: a pod that carries this label may read metrics. */
export const scraper: Pods = { labels: { "porta/scraper": "true" }, namespace: {} };

export const dns = {
  pods: {
    labels: { "k8s-app": "kube-dns" },
    namespace: { "kubernetes.io/metadata.name": "kube-system" },
  } satisfies Pods,
  port: 53,
};

/**
 * Who may open a connection to whom. All network policies come from this list; what is not in it is refused, the internet
 * included. Every pod may also ask DNS.
 */
export function edges({ jupyter: { exposure } }: Pick<Config, "jupyter">): readonly Edge[] {
  const { frontend, redis, scheduler, worker, jupyter } = roles;
  return [
    { from: "anyone", to: frontend, ports: [frontend.ports.http] },
    { from: frontend, to: redis, ports: [redis.ports.redis] },
    { from: frontend, to: scheduler, ports: [scheduler.ports.dispatch] },
    { from: worker, to: redis, ports: [redis.ports.redis] },
    { from: worker, to: scheduler, ports: [scheduler.ports.comm] },
    { from: worker, to: worker, ports: [worker.ports.comm] },
    { from: scheduler, to: worker, ports: [worker.ports.comm] },
    { from: jupyter, to: redis, ports: [redis.ports.redis] },
    {
      from: jupyter,
      to: scheduler,
      ports: [scheduler.ports.comm, scheduler.ports.dashboard, scheduler.ports.dispatch],
    },
    { from: scraper, to: frontend, ports: [frontend.ports.metrics] },
    { from: scraper, to: scheduler, ports: [scheduler.ports.dashboard, scheduler.ports.dispatch] },
    { from: scraper, to: worker, ports: [worker.ports.http] },
    // A port-forward reaches JupyterLab through the kubelet, past all policies; whoever exposes it opens it to anyone.
    ...(exposure.type === "ClusterIP" ? [] : [{ from: "anyone", to: jupyter, ports: [jupyter.ports.http] } as const]),
  ];
}
