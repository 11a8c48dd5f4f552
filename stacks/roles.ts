/** One kind of pod: what it is called, how its pods are told apart from others, where they listen. */
export interface Role<Port extends string = string> {
  /** Name of its Deployment and container, and of its network policy. */
  readonly name: string;
  /** On its pods, in its Deployment's and Services' selectors, in network policies: nowhere else are they written down. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<Port, number>>;
}

function role<Port extends string>(name: string, ports: Record<Port, number>): Role<Port> {
  return { name, labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "porta" }, ports };
}

export const roles = {
  frontend: role("frontend", { http: 8080, metrics: 9464 }),
  redis: role("redis", { redis: 6379 }),
  scheduler: role("dask-scheduler", { comm: 8786, dashboard: 8787, dispatch: 8788 }),
  worker: role("dask-workers", { comm: 9000, http: 8790 }),
  jupyter: role("jupyter-notebook", { http: 8888 }),
};
