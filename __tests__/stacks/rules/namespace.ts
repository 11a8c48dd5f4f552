import { mebibytes, millicores } from "../../../stacks/config/quantity";
import type { Platform } from "../support/platform";
import type { Rule } from "../support/rule";
import { unless } from "../support/rule";
import type { LimitRange, Namespace, Quota } from "../support/terraform";

/**
 * What a default minikube (2 CPU, 4 GiB) has left: its system pods, Calico included, request one CPU and 170 MiB; the kernel and the
 * kubelet keep about 200 MiB.
 */
const minikube = { cpu: 1000, memory: 3700 };

const kinds = new Set([
  "deployment", "service", "secret", "namespace", "network_policy", "resource_quota", "limit_range", "pod_disruption_budget",
  "persistent_volume_claim",
].map((kind) => `kubernetes_${kind}_v1`));

export const namespaceRules: readonly Rule[] = [
  {
    promise: "Pod Security restricted is enforced, audited and warned about",
    check: (platform) => platform.of<Namespace>("kubernetes_namespace_v1").flatMap(({ metadata: { labels = {} } }) =>
      ["enforce", "audit", "warn"].flatMap((mode) =>
        unless(labels[`pod-security.kubernetes.io/${mode}`] === "restricted", `restricted is not in force to ${mode}`))),
    mutants: {
      baseline: (platform) => {
        const [namespace] = platform.of<Namespace>("kubernetes_namespace_v1");
        if (namespace?.metadata.labels) namespace.metadata.labels["pod-security.kubernetes.io/enforce"] = "baseline";
      },
      "not audited": (platform) => {
        const [namespace] = platform.of<Namespace>("kubernetes_namespace_v1");
        delete namespace?.metadata.labels?.["pod-security.kubernetes.io/audit"];
      },
    },
  },
  {
    promise: "by its requests the platform fits a default minikube, while a frontend is replaced as well",
    check: (platform) => {
      if (platform.deployments.reduce((sum, { spec }) => sum + Number(spec.replicas), 0) > 8) return [];
      const { cpu, memory } = requested(platform, (name, replicas) => replicas + (name === "frontend" ? 1 : 0));
      return [
        ...unless(cpu <= minikube.cpu, `${cpu}m of CPU are requested`),
        ...unless(memory <= minikube.memory, `${memory}Mi of memory are requested`),
      ];
    },
    mutants: {
      "greedy workers": (platform) => { platform.container("dask-workers").resources.requests.cpu = "1"; },
      "a large cache": (platform) => { platform.container("redis").resources.requests.memory = "3Gi"; },
    },
  },
  {
    promise: "the quota holds all that is declared, with room to scale, and not much more",
    check: (platform) => platform.of<Quota>("kubernetes_resource_quota_v1").flatMap(({ spec: { hard } }) => {
      const { cpu, memory, pods } = requested(platform, (_, replicas) => replicas);
      const within = (amount: number | undefined, of: number) => amount !== undefined && amount >= of * 1.5 && amount <= of * 3;
      return [
        ...unless(within(millicores(hard["requests.cpu"] ?? ""), cpu), "CPU"),
        ...unless(within(mebibytes(hard["requests.memory"] ?? ""), memory), "memory"),
        ...unless(within(Number(hard["pods"]), pods), "pods"),
        ...unless(hard["limits.cpu"] !== undefined && hard["limits.memory"] !== undefined, "limits"),
      ];
    }).concat(unless(platform.of("kubernetes_resource_quota_v1").length === 1, "there is no quota")),
    mutants: {
      "no quota": (platform) => { delete platform.stacks["namespace"]?.resource["kubernetes_resource_quota_v1"]; },
      "no room": (platform) => {
        const [quota] = platform.of<Quota>("kubernetes_resource_quota_v1");
        if (quota) quota.spec.hard["requests.memory"] = "1Gi";
      },
      "endless pods": (platform) => {
        const [quota] = platform.of<Quota>("kubernetes_resource_quota_v1");
        if (quota) delete quota.spec.hard["pods"];
      },
    },
  },
  {
    promise: "the quota lets exactly those Services out that the configuration exposes",
    check: (platform) => platform.of<Quota>("kubernetes_resource_quota_v1").flatMap(({ spec: { hard } }) => {
      const types = platform.services.map(({ spec }) => spec.type);
      return [
        ...unless(hard["services.nodeports"] === String(types.filter((type) => type !== "ClusterIP").length), "node ports"),
        ...unless(hard["services.loadbalancers"] === String(types.filter((type) => type === "LoadBalancer").length), "balancers"),
      ];
    }),
    mutants: {
      "one more": (platform) => {
        const [quota] = platform.of<Quota>("kubernetes_resource_quota_v1");
        if (quota) quota.spec.hard["services.nodeports"] = "5";
      },
      "any": (platform) => {
        const [quota] = platform.of<Quota>("kubernetes_resource_quota_v1");
        if (quota) delete quota.spec.hard["services.loadbalancers"];
      },
    },
  },
  {
    promise: "a container that does not say what it needs gets little",
    check: (platform) => {
      const limits = platform.of<LimitRange>("kubernetes_limit_range_v1").flatMap(({ spec }) => spec.limit);
      return unless(limits.some(({ type, default: most, default_request: least }) => type === "Container" &&
        (mebibytes(most["memory"] ?? "") ?? Infinity) <= 512 && (millicores(least["cpu"] ?? "") ?? Infinity) <= 100), "it gets all");
    },
    mutants: {
      "no limits": (platform) => { delete platform.stacks["namespace"]?.resource["kubernetes_limit_range_v1"]; },
    },
  },
  {
    promise: "nothing is declared that could reach beyond the namespace: no roles, no accounts, no nodes",
    check: (platform) => platform.resources.flatMap(({ stack, type }) => unless(kinds.has(type), `${stack} declares ${type}`)),
    mutants: {
      "a cluster role": (platform) => {
        const { resource } = platform.stacks["dask"] ?? {};
        if (resource) resource["kubernetes_cluster_role_binding_v1"] = { admin: { metadata: { name: "admin" } } };
      },
    },
  },
];

/** Sums of requests (millicores, mebibytes) and pods. */
function requested(platform: Platform, count: (name: string, replicas: number) => number) {
  return platform.deployments.reduce((sum, { metadata: { name }, spec }) => {
    const { requests } = spec.template.spec.container[0].resources;
    const pods = count(name, Number(spec.replicas));
    return {
      cpu: sum.cpu + pods * (millicores(requests["cpu"] ?? "") ?? 0),
      memory: sum.memory + pods * (mebibytes(requests["memory"] ?? "") ?? 0),
      pods: sum.pods + pods,
    };
  }, { cpu: 0, memory: 0, pods: 0 });
}
