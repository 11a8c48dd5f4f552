import type { Platform } from "../support/platform";
import type { Rule } from "../support/rule";
import { selects, unless } from "../support/rule";
import type { Labels, NetworkPolicy, PolicyPeer, PolicyRule } from "../support/terraform";

/** Whoever may open or take a connection, as a cluster sees it. */
interface Party {
  /** Labels of its pod; null: no pod of this cluster. */
  readonly labels: Labels | null;
  /** Labels of its namespace; "own": ours. */
  readonly namespace: Labels | "own";
}

const others: Readonly<Record<string, Party>> = {
  internet: { labels: null, namespace: {} },
  neighbour: { labels: { app: "anything" }, namespace: { "kubernetes.io/metadata.name": "default" } },
  intruder: { labels: { app: "anything" }, namespace: "own" },
  scraper: { labels: { "porta/scraper": "true" }, namespace: { "kubernetes.io/metadata.name": "monitoring" } },
  dns: { labels: { "k8s-app": "kube-dns" }, namespace: { "kubernetes.io/metadata.name": "kube-system" } },
};

const ports = [53, 80, 443, 6379, 6380, 8080, 8786, 8787, 8788, 8790, 8888, 9000, 9464, 10250];

/** What design and security page promise, from, to and on which ports; nothing else connects. */
const allowed: readonly (readonly [string, string, readonly number[]])[] = [
  ...["internet", "neighbour", "scraper", "dns"].map((who) => [who, "frontend", [8080]] as const),
  ["frontend", "redis", [6379]],
  ["frontend", "dask-scheduler", [8788]],
  ["dask-workers", "redis", [6379]],
  ["dask-workers", "dask-scheduler", [8786]],
  ["dask-workers", "dask-workers", [9000]],
  ["dask-scheduler", "dask-workers", [9000]],
  ["jupyter-notebook", "redis", [6379]],
  ["jupyter-notebook", "dask-scheduler", [8786, 8787, 8788]],
  ["scraper", "frontend", [9464]],
  ["scraper", "dask-scheduler", [8787, 8788]],
  ["scraper", "dask-workers", [8790]],
  ...["frontend", "redis", "dask-scheduler", "dask-workers", "jupyter-notebook", "intruder"].map((who) => [who, "dns", [53]] as const),
];

export const networkRules: readonly Rule[] = [
  {
    promise: "exactly the edges of the design connect, between all pods, the world and the internet",
    check: (platform) => {
      const wanted = new Set(allowed.flatMap(([from, to, on]) => on.map((port) => `${from} → ${to}:${port}`)));
      // JupyterLab opens to the world only where it is exposed.
      const jupyter = platform.service("dask-notebook").spec.type !== "ClusterIP";
      if (jupyter) ["internet", "neighbour", "scraper", "dns"].forEach((who) => wanted.add(`${who} → jupyter-notebook:8888`));
      const found = new Set(connections(platform));
      return [
        ...[...found].filter((edge) => !wanted.has(edge)).map((edge) => `${edge} connects`),
        ...[...wanted].filter((edge) => !found.has(edge)).map((edge) => `${edge} is refused`),
      ];
    },
    mutants: {
      "no default for pods that no policy knows": (platform) => { platform.policy("default-deny").spec.pod_selector = { match_labels: { a: "b" } }; },
      "a policy for one direction": (platform) => { platform.policy("redis").spec.policy_types = ["Egress"]; },
      "Redis open to all": (platform) => { platform.policy("redis").spec.ingress?.push({ ports: [{ port: "6379", protocol: "TCP" }] }); },
      "everything open": (platform) => { platform.policy("dask-scheduler").spec.ingress?.push({}); },
      "the internet": (platform) => {
        platform.policy("dask-workers").spec.egress?.push({ to: [{ ip_block: { cidr: "0.0.0.0/0" } }] });
      },
      "the frontend at Dask's port": (platform) => {
        for (const [policy, direction] of [["frontend", "egress"], ["dask-scheduler", "ingress"]] as const) {
          platform.policy(policy).spec[direction]?.push({
            [direction === "egress" ? "to" : "from"]: [{
              pod_selector: { match_labels: { "app.kubernetes.io/name": policy === "frontend" ? "dask-scheduler" : "frontend" } },
            }],
            ports: [{ port: "8786", protocol: "TCP" }],
          });
        }
      },
      "a range of ports": (platform) => {
        for (const rules of [platform.policy("redis").spec.ingress, platform.policy("frontend").spec.egress]) {
          if (rules?.[0]?.ports?.[0]) rules[0].ports[0].end_port = 6380;
        }
      },
      "any namespace's frontend": (platform) => {
        const [rule] = platform.policy("redis").spec.ingress ?? [];
        rule?.from?.push({ namespace_selector: {}, pod_selector: {} });
      },
      "no DNS": (platform) => { platform.policy("dns").spec.egress = []; },
      "DNS anywhere": (platform) => { delete platform.policy("dns").spec.egress?.[0]?.to; },
      "an edge lost": (platform) => { platform.policy("frontend").spec.egress?.pop(); },
      "another label": (platform) => {
        platform.deployment("frontend").spec.template.metadata.labels["app.kubernetes.io/name"] = "web";
      },
    },
  },
  {
    promise: "DNS is asked over UDP as over TCP",
    check: (platform) => {
      const protocols = platform.policy("dns").spec.egress?.flatMap(({ ports: on = [] }) => on.map(({ protocol }) => protocol));
      return unless(["UDP", "TCP"].every((protocol) => protocols?.includes(protocol)), `only ${protocols?.join(", ")}`);
    },
    mutants: {
      "TCP only": (platform) => { platform.policy("dns").spec.egress?.[0]?.ports?.shift(); },
    },
  },
  {
    promise: "only the frontend is reachable from outside, and JupyterLab where that was asked for; clients keep their address",
    check: (platform) => platform.services.flatMap(({ metadata: { name }, spec }) => [
      ...unless(spec.type === "ClusterIP" || ["frontend", "dask-notebook"].includes(name), `${name} is ${spec.type}`),
      ...unless(spec.type === "ClusterIP" || spec.external_traffic_policy === "Local", `${name} hides its clients`),
      ...unless(spec.external_ips === undefined, `${name} takes addresses`),
      ...unless(spec.type === "ClusterIP" || spec.port.length === 1, `${name} offers more than its page`),
    ]),
    mutants: {
      "Dask at a node port": (platform) => { platform.service("dask-scheduler").spec.type = "NodePort"; },
      "Redis at a load balancer": (platform) => { platform.service("redis").spec.type = "LoadBalancer"; },
      "metrics for everyone": (platform) => {
        platform.service("frontend").spec.port.push({ name: "metrics", port: 9464, target_port: "metrics" });
      },
      "clients hidden": (platform) => { delete platform.service("frontend").spec.external_traffic_policy; },
      "an address of its own": (platform) => { platform.service("redis").spec.external_ips = ["192.0.2.1"]; },
    },
  },
  {
    promise: "a Service of type LoadBalancer is not waited for: its address may never come",
    check: (platform) => platform.services.flatMap(({ metadata: { name }, wait_for_load_balancer: wait }) =>
      unless(wait === false, `${name} is waited for`)),
    mutants: {
      "waited for": (platform) => { delete platform.service("frontend").wait_for_load_balancer; },
    },
  },
];

/** Every connection that the policies let through, as a cluster decides: both ends must allow it. */
function connections(platform: Platform): string[] {
  const own: Record<string, Party> = Object.fromEntries(platform.deployments.map(({ metadata: { name }, spec: { template } }) =>
    [name, { labels: template.metadata.labels, namespace: "own" as const }]));
  const parties = { ...own, ...others };
  return Object.entries(parties).flatMap(([from, source]) => Object.entries(parties)
    // Between others our policies have no say; nobody needs leave to speak to itself over loopback.
    .filter(([, target]) => source.namespace === "own" || target.namespace === "own")
    .flatMap(([to, target]) => ports
      .filter((port) => lets(platform.policies, "egress", source, target, port) && lets(platform.policies, "ingress", target, source, port))
      .map((port) => `${from} → ${to}:${port}`)));
}

/** Whether the policies of a party's namespace let it exchange with a peer, in one direction, on a port. */
function lets(
  policies: readonly NetworkPolicy[], direction: "ingress" | "egress", { labels, namespace }: Party, peer: Party, port: number,
): boolean {
  if (namespace !== "own") return true;
  const kind = direction === "ingress" ? "Ingress" : "Egress";
  const mine = policies.filter(({ spec }) => spec.policy_types.includes(kind) && matches(spec.pod_selector, labels));
  return mine.length === 0 || mine.some(({ spec }) => (spec[direction] ?? []).some((rule) => passes(rule, direction, peer, port)));
}

function passes(rule: PolicyRule, direction: "ingress" | "egress", peer: Party, port: number): boolean {
  const peers = direction === "ingress" ? rule.from : rule.to;
  const open = rule.ports === undefined || rule.ports.length === 0 ||
    rule.ports.some((entry) => Number(entry.port) <= port && port <= (entry.end_port ?? Number(entry.port)));
  return open && (peers === undefined || peers.length === 0 || peers.some((one) => meets(one, peer)));
}

function meets({ ip_block: block, namespace_selector: namespaces, pod_selector: pods }: PolicyPeer, peer: Party): boolean {
  if (block) return true;
  if (peer.labels === null) return false;
  const home = namespaces === undefined ? peer.namespace === "own"
    : matches(namespaces, peer.namespace === "own" ? { "kubernetes.io/metadata.name": "sedaro" } : peer.namespace);
  return home && matches(pods ?? {}, peer.labels);
}

function matches({ match_labels: wanted = {} }: { match_labels?: Labels }, labels: Labels | null): boolean {
  return labels !== null && (Object.keys(wanted).length === 0 || selects(wanted, labels));
}
