import { container } from "./container";
import { block, bool, integer, many, map, number, numbers, one, string, strings } from "./field";
import {
  jobTemplated,
  labelSelector,
  namespaced,
  nodeSelectorTerm,
  seccompProfile,
  seLinuxOptions,
  templated,
  user,
} from "./shared";
import { volume } from "./volume";

const podAffinityTerm = block({
  label_selector: one(labelSelector),
  namespace_selector: one(labelSelector),
  namespaces: strings({ set: "text" }),
  topology_key: string({ sent: true }),
});

const podAffinity = block({
  required_during_scheduling_ignored_during_execution: many(
    "requiredDuringSchedulingIgnoredDuringExecution",
    podAffinityTerm,
  ),
  preferred_during_scheduling_ignored_during_execution: many(
    "preferredDuringSchedulingIgnoredDuringExecution",
    block({ weight: number({ sent: true }), pod_affinity_term: one(podAffinityTerm) }),
  ),
});

const affinity = block({
  node_affinity: one(
    block({
      required_during_scheduling_ignored_during_execution: one(
        block({ node_selector_term: many("nodeSelectorTerms", nodeSelectorTerm) }),
      ),
      preferred_during_scheduling_ignored_during_execution: many(
        "preferredDuringSchedulingIgnoredDuringExecution",
        block({ weight: number({ sent: true }), preference: one(nodeSelectorTerm) }),
      ),
    }),
  ),
  pod_affinity: one(podAffinity),
  pod_anti_affinity: one(podAffinity),
});

const securityContext = block({
  fs_group: integer(),
  fs_group_change_policy: string(),
  ...user,
  run_as_non_root: bool({ sent: true }),
  se_linux_options: one(seLinuxOptions),
  seccomp_profile: one(seccompProfile),
  supplemental_groups: numbers({ set: "serialized" }),
  sysctl: many("sysctls", block({ name: string({ sent: true }), value: string({ sent: true }) })),
  windows_options: one(
    block({
      gmsa_credential_spec: string({ sent: true }),
      gmsa_credential_spec_name: string({ sent: true }),
      host_process: bool({ sent: true }),
      run_as_username: string({ name: "runAsUserName", sent: true }),
    }),
  ),
});

const spread = block({
  label_selector: one(labelSelector),
  match_label_keys: strings({ set: "serialized" }),
  max_skew: number({ default: 1 }),
  min_domains: number(),
  node_affinity_policy: string(),
  node_taints_policy: string(),
  topology_key: string({ sent: true }),
  when_unsatisfiable: string({ default: "DoNotSchedule" }),
});

const specFields = {
  active_deadline_seconds: number(),
  affinity: one(affinity),
  automount_service_account_token: bool({ default: true, sent: true }),
  init_container: many("initContainers", container),
  container: many("containers", container),
  dns_config: one(
    block({
      nameservers: strings(),
      option: many("options", block({ name: string(), value: string({ sent: true }) })),
      searches: strings(),
    }),
  ),
  dns_policy: string({ default: "ClusterFirst" }),
  enable_service_links: bool({ default: true, sent: true }),
  host_aliases: many("hostAliases", block({ ip: string({ sent: true }), hostnames: strings() })),
  host_ipc: bool({ name: "hostIPC" }),
  host_network: bool(),
  host_pid: bool({ name: "hostPID" }),
  hostname: string(),
  image_pull_secrets: many("imagePullSecrets", block({ name: string() })),
  node_name: string(),
  node_selector: map(),
  os: one(block({ name: string({ sent: true }) })),
  priority_class_name: string(),
  readiness_gate: many("readinessGates", block({ condition_type: string({ sent: true }) })),
  restart_policy: string({ default: "Always" }),
  runtime_class_name: string(),
  scheduler_name: string(),
  security_context: one(securityContext),
  service_account_name: string(),
  share_process_namespace: bool({ sent: true }),
  subdomain: string(),
  termination_grace_period_seconds: number({ default: 30, sent: true }),
  toleration: many(
    "tolerations",
    block({
      effect: string(),
      key: string(),
      operator: string({ default: "Equal" }),
      toleration_seconds: integer(),
      value: string(),
    }),
  ),
  topology_spread_constraint: many("topologySpreadConstraints", spread),
  volume: many("volumes", volume),
};
const podSpec = block(specFields);
/** A Job's pods may not always be restarted, so the provider has another default for them. */
const jobPodSpec = block({ ...specFields, restart_policy: string({ default: "Never" }) });

export const pod = block({ metadata: namespaced, spec: one(podSpec) });
export const podTemplate = one(block({ metadata: templated, spec: one(podSpec) }));
export const jobPodTemplate = one(block({ metadata: jobTemplated, spec: one(jobPodSpec) }));
