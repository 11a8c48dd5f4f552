import { mebibytes, millicores } from "../../../stacks/config/quantity";
import type { Rule } from "../support/rule";
import { selects, unless } from "../support/rule";
import type { Platform } from "../support/platform";
import type { Container, DisruptionBudget, PodSpec } from "../support/terraform";

/** Pod Security and what goes beyond it: what holds for every pod, whatever it runs. */
export const podRules: readonly Rule[] = [
  {
    promise: "every pod meets Pod Security restricted, as a user that is nobody on the node",
    check: (platform) => everyPod(platform, (pod) => [
      ...unless(pod.security_context.run_as_non_root === true, "may run as root"),
      ...unless(Number(pod.security_context.run_as_user) >= 10_000, "runs as a user that may exist on the node"),
      ...unless(Number(pod.security_context.run_as_group) >= 10_000, "runs in a group that may exist on the node"),
      ...unless(pod.security_context.seccomp_profile?.type === "RuntimeDefault", "has no seccomp profile"),
      ...unless(!pod.host_network && !pod.host_pid && !pod.host_ipc, "shares a namespace of the node"),
      ...unless(pod.volume.every(({ host_path }) => host_path === undefined), "mounts a path of the node"),
      ...everyContainer(pod, ({ security_context: security }) => [
        ...unless(security.allow_privilege_escalation === false && security.privileged === false, "may gain privileges"),
        ...unless(security.run_as_non_root !== false, "may run as root"),
        ...unless(security.capabilities?.drop?.includes("ALL") === true, "keeps capabilities"),
        ...unless((security.capabilities?.add ?? []).length === 0, "adds capabilities"),
      ]),
    ]),
    mutants: {
      "root is allowed": (platform) => { platform.pod("redis").security_context.run_as_non_root = false; },
      "a user of the node": (platform) => { platform.pod("frontend").security_context.run_as_user = "1000"; },
      "no group": (platform) => { delete platform.pod("frontend").security_context.run_as_group; },
      "unconfined": (platform) => { platform.pod("redis").security_context.seccomp_profile = { type: "Unconfined" }; },
      "the node's network": (platform) => { platform.pod("dask-scheduler").host_network = true; },
      "a path of the node": (platform) => { platform.pod("redis").volume.push({ name: "all", host_path: { path: "/" } }); },
      "privileged": (platform) => { platform.container("dask-workers").security_context.privileged = true; },
      "escalation not refused": (platform) => {
        delete platform.container("redis").security_context.allow_privilege_escalation;
      },
      "capabilities kept": (platform) => { delete platform.container("frontend").security_context.capabilities; },
      "a capability added": (platform) => {
        platform.container("frontend").security_context.capabilities = { drop: ["ALL"], add: ["NET_RAW"] };
      },
      "an init container without limits to its rights": (platform) => {
        const { container: [container] } = platform.pod("redis");
        platform.pod("redis").init_container = [{ ...container, security_context: {} }];
      },
    },
  },
  {
    promise: "no container can write to its image, and what it may write to is bounded",
    check: (platform) => everyPod(platform, (pod) => [
      ...everyContainer(pod, ({ security_context: security }) =>
        unless(security.read_only_root_filesystem === true, "has a writable root")),
      ...pod.volume.flatMap(({ name, empty_dir }) =>
        unless(empty_dir === undefined || mebibytes(empty_dir.size_limit ?? "") !== undefined, `${name} is unbounded`)),
    ]),
    mutants: {
      "a writable root": (platform) => { platform.container("redis").security_context.read_only_root_filesystem = false; },
      "an endless folder": (platform) => { delete platform.pod("frontend").volume[0]?.empty_dir?.size_limit; },
    },
  },
  {
    promise: "every volume is mounted once and every mount has its volume",
    check: (platform) => everyPod(platform, (pod) => {
      const volumes = pod.volume.map(({ name }) => name);
      return everyContainer(pod, ({ volume_mount: mounts }) => [
        ...unless(new Set(volumes).size === volumes.length, "has two volumes of one name"),
        ...unless(new Set(mounts.map(({ mount_path: path }) => path)).size === mounts.length, "mounts two volumes at one path"),
        ...volumes.flatMap((name) => unless(mounts.some((mount) => mount.name === name), `${name} is not mounted`)),
        ...mounts.flatMap(({ name }) => unless(volumes.includes(name), `${name} is mounted and not there`)),
      ]);
    }),
    mutants: {
      "a mount without a volume": (platform) => { platform.pod("redis").volume.pop(); },
      "a volume without a mount": (platform) => { platform.container("redis").volume_mount.pop(); },
      "two volumes at one path": (platform) => {
        const [first, second] = platform.container("redis").volume_mount;
        if (first && second) second.mount_path = first.mount_path;
      },
    },
  },
  {
    promise: "no pod has a token of the cluster's API, or variables about other Services",
    check: (platform) => everyPod(platform, (pod) => [
      ...unless(pod.automount_service_account_token === false, "has a token"),
      ...unless(pod.enable_service_links === false, "learns of Services by variables"),
      ...unless(pod.service_account_name === undefined, "has an account of its own"),
    ]),
    mutants: {
      "a token": (platform) => { delete platform.pod("jupyter-notebook").automount_service_account_token; },
      "service links": (platform) => { platform.pod("jupyter-notebook").enable_service_links = true; },
      "an account": (platform) => { platform.pod("dask-scheduler").service_account_name = "operator"; },
    },
  },
  {
    promise: "every container says what it needs and what it may use at most: CPU, memory, disk",
    check: (platform) => everyPod(platform, (pod) => everyContainer(pod, ({ resources: { requests, limits } }) =>
      ["cpu", "memory", "ephemeral-storage"].flatMap((kind) => {
        const amount = kind === "cpu" ? millicores : mebibytes;
        const [request, limit] = [amount(requests[kind] ?? ""), amount(limits[kind] ?? "")];
        return unless(request !== undefined && limit !== undefined && request <= limit, `${kind} is not bounded`);
      }))),
    mutants: {
      "no memory limit": (platform) => { delete platform.container("frontend").resources.limits.memory; },
      "no CPU request": (platform) => { delete platform.container("frontend").resources.requests.cpu; },
      "a request over its limit": (platform) => { platform.container("redis").resources.requests.memory = "64Gi"; },
      "no bound on disk": (platform) => { delete platform.container("redis").resources.limits["ephemeral-storage"]; },
    },
  },
  {
    promise: "the disk limit has room for every folder that a container may fill",
    check: (platform) => everyPod(platform, (pod) => {
      const folders = pod.volume.reduce((sum, { empty_dir }) => sum + (mebibytes(empty_dir?.size_limit ?? "") ?? 0), 0);
      return everyContainer(pod, ({ resources }) =>
        unless((mebibytes(resources.limits["ephemeral-storage"] ?? "") ?? 0) > folders, "is evicted before its folders are full"));
    }),
    mutants: {
      "too small": (platform) => { platform.container("dask-workers").resources.limits["ephemeral-storage"] = "1Gi"; },
    },
  },
  {
    promise: "pods of a kind spread over nodes and zones",
    check: (platform) => everyDeployment(platform, ({ spec: { template } }) =>
      ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].flatMap((key) => unless(
        (template.spec.topology_spread_constraint ?? []).some(({ topology_key, label_selector: [selector] }) =>
          topology_key === key && selects(selector?.match_labels ?? {}, template.metadata.labels)),
        `does not spread over ${key}`))),
    mutants: {
      "no constraint": (platform) => { delete platform.pod("frontend").topology_spread_constraint; },
      "another's labels": (platform) => {
        const [constraint] = platform.pod("frontend").topology_spread_constraint ?? [];
        if (constraint) constraint.label_selector = [{ match_labels: { "app.kubernetes.io/name": "redis" } }];
      },
    },
  },
  {
    promise: "a drained node takes one pod of a kind at a time where there are more, and is never blocked by a single one",
    check: (platform) => everyDeployment(platform, ({ spec }) => {
      const budgets = platform.of<DisruptionBudget>("kubernetes_pod_disruption_budget_v1")
        .filter(({ spec: { selector } }) => selects(selector.match_labels, spec.template.metadata.labels));
      return Number(spec.replicas) > 1
        ? unless(budgets.length === 1 && budgets[0]?.spec.max_unavailable === "1", "has no budget of one")
        : unless(budgets.length === 0, "blocks the drain of its node");
    }),
    mutants: {
      "a budget that selects nothing": (platform) => {
        const [budget] = platform.of<DisruptionBudget>("kubernetes_pod_disruption_budget_v1");
        if (budget) budget.spec.selector.match_labels = { "app.kubernetes.io/name": "nothing" };
      },
      "a budget for one": (platform) => {
        const [budget] = platform.of<DisruptionBudget>("kubernetes_pod_disruption_budget_v1");
        if (budget) budget.spec.selector.match_labels = { ...platform.deployment("redis").spec.selector.match_labels };
      },
    },
  },
];

export function everyDeployment(
  platform: Platform, check: (deployment: Platform["deployments"][number]) => string[],
): string[] {
  return platform.deployments.flatMap((deployment) =>
    check(deployment).map((finding) => `${deployment.metadata.name} ${finding}`));
}

export function everyPod(platform: Platform, check: (pod: PodSpec) => string[]): string[] {
  return everyDeployment(platform, ({ spec }) => check(spec.template.spec));
}

export function everyContainer(pod: PodSpec, check: (container: Container) => string[]): string[] {
  return [...pod.container, ...(pod.init_container ?? [])].flatMap((container) =>
    check(container).map((finding) => `${container.name}: ${finding}`));
}
