import type { Platform } from "../support/platform";
import type { Rule } from "../support/rule";
import { selects, unless } from "../support/rule";
import type { Container, Service } from "../support/terraform";
import { everyContainer, everyDeployment, everyPod } from "./pods";

/** What the stacks hand each other: names, labels, ports, secrets, order. */
export const wiringRules: readonly Rule[] = [
  {
    promise: "a Deployment selects its own pods and no other's",
    check: (platform) => everyDeployment(platform, ({ spec: { selector } }) => {
      const found = platform.deployments.filter(({ spec: { template } }) => selects(selector.match_labels, template.metadata.labels));
      return unless(found.length === 1 && found[0]?.spec.selector === selector, `selects ${found.length} kinds of pods`);
    }),
    mutants: {
      "a label lost": (platform) => { delete platform.deployment("redis").spec.template.metadata.labels["app.kubernetes.io/name"]; },
      "too wide": (platform) => {
        platform.deployment("redis").spec.selector.match_labels = { "app.kubernetes.io/part-of": "porta" };
      },
    },
  },
  {
    promise: "a Service selects one kind of pod, and its ports are ports of these, under the same numbers",
    check: (platform) => platform.services.flatMap(({ metadata: { name }, spec }) => {
      const found = selected(platform, spec.selector);
      return [
        ...unless(found.length === 1, `${name} selects ${found.length} kinds of pods`),
        ...spec.port.flatMap(({ port, target_port: target }) => unless(
          found.every(({ port: ports }) => ports.some((own) => own.name === target && own.container_port === port)),
          `${name} sends ${port} to ${target}, which is not there`)),
      ];
    }),
    mutants: {
      "a selector that matches nothing": (platform) => {
        platform.service("redis").spec.selector = { "app.kubernetes.io/name": "cache" };
      },
      "a selector that matches all": (platform) => {
        platform.service("redis").spec.selector = { "app.kubernetes.io/part-of": "porta" };
      },
      "a target that is not there": (platform) => {
        const [port] = platform.service("dask-scheduler").spec.port;
        if (port) port.target_port = "dask";
      },
      "a port moved": (platform) => {
        const [port] = platform.container("redis").port;
        if (port) port.container_port = 6380;
      },
    },
  },
  {
    promise: "whoever speaks of a Service means one that is there, on a port that it offers, in the same namespace",
    check: (platform) => everyPod(platform, (pod) => everyContainer(pod, (container) =>
      addresses(container).flatMap(([host, port]) => {
        const service = platform.services.find(({ metadata }) => metadata.name === host);
        return [
          ...unless(offers(service, Number(port)), `${host}:${port} is offered by nobody`),
          ...unless(service?.metadata.namespace === platform.deployments[0]?.metadata.namespace, `${host} is elsewhere`),
        ];
      }))),
    mutants: {
      "another name": (platform) => { platform.service("redis").metadata.name = "cache"; },
      "another port": (platform) => {
        const [port] = platform.service("redis").spec.port;
        if (port) port.port = 6380;
      },
      "another namespace": (platform) => { platform.service("redis").metadata.namespace = "default"; },
      "a frontend that asks elsewhere": (platform) => {
        const entry = platform.container("frontend").env.find(({ name }) => name === "DASK_SCHEDULER");
        if (entry) entry.value = "scheduler:8786";
      },
    },
  },
  {
    promise: "workers find a scheduler that waits for them: its name leads to it before it is ready, and no other does so",
    check: (platform) => platform.services.flatMap(({ metadata: { name }, spec: { publish_not_ready_addresses: unready } }) =>
      unless(unready === (name === "dask-scheduler"), `${name} leads to ${unready ? "any pod" : "ready pods"}`)),
    mutants: {
      "both wait for ever": (platform) => { platform.service("dask-scheduler").spec.publish_not_ready_addresses = false; },
      "requests for a frontend that is not ready": (platform) => {
        platform.service("frontend").spec.publish_not_ready_addresses = true;
      },
    },
  },
  {
    promise: "those who need Redis, the scheduler or the limits are told, and all the same",
    check: (platform) => Object.entries({
      REDIS_ADDR: ["frontend", "dask-workers", "jupyter-notebook"],
      DASK_SCHEDULER: ["frontend"],
      DASK_SCHEDULER_ADDRESS: ["dask-workers", "jupyter-notebook"],
      ...Object.fromEntries(["MAX_STEPS", "MAX_RUNS", "MAX_ENSEMBLE_STEPS"].map((name) =>
        [name, ["frontend", "dask-scheduler", "dask-workers", "jupyter-notebook"]])),
    }).flatMap(([variable, names]) => {
      const told = new Set(names.map((name) => platform.container(name).env.find((entry) => entry.name === variable)?.value));
      return unless(told.size === 1 && !told.has(undefined), `${variable} is ${[...told].join(", ")}`);
    }),
    mutants: {
      "one is not told": (platform) => {
        const container = platform.container("frontend");
        container.env = container.env.filter(({ name }) => name !== "REDIS_ADDR");
      },
      "a worker that would take it for a local scheduler's name": (platform) => {
        const entry = platform.container("dask-workers").env.find(({ name }) => name === "DASK_SCHEDULER_ADDRESS");
        if (entry) entry.name = "DASK_SCHEDULER";
      },
      "one allows more": (platform) => {
        const entry = platform.container("dask-scheduler").env.find(({ name }) => name === "MAX_STEPS");
        if (entry) entry.value = "9999999";
      },
      "one allows fewer runs": (platform) => {
        const entry = platform.container("frontend").env.find(({ name }) => name === "MAX_RUNS");
        if (entry) entry.value = "1000";
      },
      "one does not know how large an ensemble may be": (platform) => {
        const container = platform.container("jupyter-notebook");
        container.env = container.env.filter(({ name }) => name !== "MAX_ENSEMBLE_STEPS");
      },
    },
  },
  {
    promise: "everything is in one namespace, which its stack makes first",
    check: (platform) => {
      const [namespace] = platform.of<{ metadata: { name: string } }>("kubernetes_namespace_v1");
      const reference = "${kubernetes_namespace_v1.namespace.metadata[0].name}";
      return platform.resources.filter(({ type }) => type !== "kubernetes_namespace_v1").flatMap(({ stack, type, body }) => {
        const { name, namespace: own } = (body as { metadata: { name: string; namespace?: string } }).metadata;
        const wanted = stack === "namespace" ? reference : namespace?.metadata.name;
        return unless(own === wanted, `${type} ${name} of ${stack} is in ${own}`);
      });
    },
    mutants: {
      "no namespace": (platform) => { delete platform.service("redis").metadata.namespace; },
      "not made first": (platform) => { platform.secret("redis-acl").metadata.namespace = "sedaro"; },
    },
  },
  {
    promise: "stacks go up in order: what one uses of another is there before it",
    check: (platform) => Object.entries({
      namespace: [],
      redis: ["namespace"],
      dask: ["namespace", "redis"],
      jupyter: ["namespace", "redis", "dask"],
      frontend: ["namespace", "redis", "dask"],
    }).flatMap(([stack, needs]) => {
      const has = platform.stacks[stack]?.dependencies;
      return unless(JSON.stringify(has) === JSON.stringify(needs), `${stack} waits for ${has?.join(", ")}`);
    }),
    mutants: {
      "an order lost": (platform) => { platform.stacks["frontend"]?.dependencies.pop(); },
    },
  },
  {
    promise: "no Service is called jupyter: Jupyter would take JUPYTER_PORT for its own",
    check: (platform) => platform.services.flatMap(({ metadata: { name } }) => unless(!/^jupyter/.test(name), `${name} is`)),
    mutants: {
      jupyter: (platform) => { platform.service("dask-notebook").metadata.name = "jupyter"; },
    },
  },
];

function selected(platform: Platform, selector: Record<string, string>): Container[] {
  return platform.deployments
    .filter(({ spec: { template } }) => selects(selector, template.metadata.labels))
    .map(({ spec }) => spec.template.spec.container[0]);
}

function offers(service: Service | undefined, port: number): boolean {
  return service?.spec.port.some((entry) => entry.port === port) ?? false;
}

/** Every `host:port` in arguments and environment that is not an address to listen on. */
function addresses({ args = [], env }: Container): [string, string][] {
  return [...args, ...env.map(({ value }) => value ?? "")].flatMap((text) => {
    const [, host, port] = /^(?:[a-z]+:\/\/)?([a-z][a-z0-9.-]*):(\d+)$/.exec(text) ?? [];
    return host !== undefined && port !== undefined ? [[host, port] as [string, string]] : [];
  });
}
