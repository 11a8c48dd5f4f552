/** What the rules read of the provider's resources: snake_case, as Terraform gets it. Mutants write to it. */

export type Labels = Record<string, string>;

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Labels;
  annotations?: Labels;
}

export interface Variable {
  type: string;
  sensitive?: boolean;
  nullable?: boolean;
  default?: unknown;
}

export interface Probe {
  exec?: { command: string[] };
  http_get?: { path: string; port: string };
  period_seconds: number;
  timeout_seconds: number;
  failure_threshold: number;
}

export interface Env {
  name: string;
  value?: string;
  value_from?: { field_ref?: { field_path: string }; secret_key_ref?: { name: string; key: string } };
}

export interface Volume {
  name: string;
  empty_dir?: { size_limit?: string; medium?: string };
  secret?: { secret_name: string; default_mode?: string };
  persistent_volume_claim?: { claim_name: string };
  host_path?: { path: string };
}

export type Amounts = Record<string, string>;

export interface Container {
  name: string;
  image: string;
  image_pull_policy?: string;
  command?: string[];
  args?: string[];
  env: Env[];
  port: { name: string; container_port: number; protocol: string }[];
  startup_probe?: Probe;
  liveness_probe?: Probe;
  readiness_probe?: Probe;
  lifecycle?: { pre_stop: { exec: { command: string[] } }[] };
  resources: { requests: Amounts; limits: Amounts };
  security_context: {
    allow_privilege_escalation?: boolean;
    privileged?: boolean;
    read_only_root_filesystem?: boolean;
    run_as_non_root?: boolean;
    capabilities?: { add?: string[]; drop?: string[] };
  };
  volume_mount: { name: string; mount_path: string; read_only?: boolean }[];
}

export interface PodSpec {
  automount_service_account_token?: boolean;
  enable_service_links?: boolean;
  service_account_name?: string;
  host_network?: boolean;
  host_pid?: boolean;
  host_ipc?: boolean;
  termination_grace_period_seconds: number;
  security_context: {
    run_as_non_root?: boolean;
    run_as_user?: string;
    run_as_group?: string;
    fs_group?: string;
    seccomp_profile?: { type: string };
  };
  topology_spread_constraint?: { topology_key: string; label_selector: { match_labels: Labels }[] }[];
  container: [Container, ...Container[]];
  init_container?: Container[];
  volume: Volume[];
}

export interface Deployment {
  metadata: Metadata;
  wait_for_rollout?: boolean;
  timeouts?: { create?: string; update?: string; delete?: string };
  spec: {
    replicas: string;
    revision_history_limit?: number;
    progress_deadline_seconds?: number;
    selector: { match_labels: Labels };
    strategy: { type: string; rolling_update?: { max_surge: string; max_unavailable: string } };
    template: { metadata: { labels: Labels; annotations: Labels }; spec: PodSpec };
  };
}

export interface Service {
  metadata: Metadata;
  wait_for_load_balancer?: boolean;
  spec: {
    type: string;
    external_traffic_policy?: string;
    external_ips?: string[];
    publish_not_ready_addresses?: boolean;
    selector: Labels;
    port: { name: string; port: number; target_port: string; node_port?: number }[];
  };
}

export interface Secret {
  metadata: Metadata;
  type: string;
  data: Record<string, string>;
}

export interface PolicyPeer {
  ip_block?: { cidr: string };
  namespace_selector?: { match_labels?: Labels };
  pod_selector?: { match_labels?: Labels };
}

export interface PolicyRule {
  from?: PolicyPeer[];
  to?: PolicyPeer[];
  ports?: { port: string; protocol: string; end_port?: number }[];
}

export interface NetworkPolicy {
  metadata: Metadata;
  spec: {
    pod_selector: { match_labels?: Labels };
    policy_types: string[];
    ingress?: PolicyRule[];
    egress?: PolicyRule[];
  };
}

export interface DisruptionBudget {
  metadata: Metadata;
  spec: { max_unavailable?: string; min_available?: string; selector: { match_labels: Labels } };
}

export interface Namespace {
  metadata: Metadata;
}

export interface Claim {
  metadata: { name: string };
  lifecycle?: { ignore_changes?: string[] };
}

export interface Quota {
  spec: { hard: Amounts };
}

export interface LimitRange {
  spec: { limit: { type: string; default: Amounts; default_request: Amounts }[] };
}
