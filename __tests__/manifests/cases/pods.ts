import { podCase, type Case } from "./case";

const item = { key: "k", path: "p" };

export const pods: readonly Case[] = [
  podCase("a pod with nothing set", { hostname: "h" }, { hostname: "h" }),
  podCase(
    "zeros that Kubernetes can tell from unset are sent",
    {
      automount_service_account_token: false,
      enable_service_links: false,
      share_process_namespace: true,
      termination_grace_period_seconds: 0,
      active_deadline_seconds: 0,
      restart_policy: "OnFailure",
      priority_class_name: "",
    },
    {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      shareProcessNamespace: true,
      terminationGracePeriodSeconds: 0,
            restartPolicy: "OnFailure",
    },
  ),
  podCase(
    "names of the host's namespaces are spelt as Kubernetes spells them",
    { host_ipc: true, host_pid: true, host_network: true, image_pull_secrets: [{ name: "s" }], node_selector: { a: "b" } },
    { hostIPC: true, hostPID: true, hostNetwork: true, imagePullSecrets: [{ name: "s" }], nodeSelector: { a: "b" } },
  ),
  podCase(
    "a security context says whether root is allowed, unless it is empty",
    { security_context: { fs_group: "999", supplemental_groups: [1, 2, 3], sysctl: [{ name: "n", value: "" }, { value: "v" }] } },
    {
      securityContext: {
        fsGroup: 999,
        runAsNonRoot: false,
        // CRC-32 of "1;", "2;", "3;": 915405929, 497201066, 79273707; ordered as text.
        supplementalGroups: [2, 3, 1],
        sysctls: [{ name: "n", value: "" }, { name: "", value: "v" }],
      },
    },
  ),
  podCase("an empty security context stays empty", { security_context: {} }, { securityContext: {} }),
  podCase(
    "security of other kinds",
    {
      security_context: {
        run_as_non_root: true,
        run_as_user: "",
        fs_group_change_policy: "OnRootMismatch",
        seccomp_profile: { type: "RuntimeDefault", localhost_profile: "dropped" },
        windows_options: { run_as_username: "u" },
      },
    },
    {
      securityContext: {
        runAsNonRoot: true,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
        windowsOptions: { gmsaCredentialSpec: "", gmsaCredentialSpecName: "", hostProcess: false, runAsUserName: "u" },
      },
    },
  ),
  podCase(
    "a Windows user is sent though unset, a seccomp type and a local profile too",
    { security_context: { windows_options: { host_process: true }, seccomp_profile: { localhost_profile: "p" } } },
    {
      securityContext: {
        runAsNonRoot: false,
        windowsOptions: { gmsaCredentialSpec: "", gmsaCredentialSpecName: "", hostProcess: true, runAsUserName: "" },
        seccompProfile: { type: "" },
      },
    },
  ),
  podCase(
    "a local profile's path is sent though empty",
    { security_context: { seccomp_profile: { type: "Localhost" } } },
    { securityContext: { runAsNonRoot: false, seccompProfile: { type: "Localhost", localhostProfile: "" } } },
  ),
  podCase(
    "tolerations, gates, aliases and DNS",
    {
      toleration: [{ key: "k" }, { operator: "Exists", toleration_seconds: "0" }],
      readiness_gate: [{ condition_type: "c" }, { condition_type: "" }],
      host_aliases: [{ ip: "1.2.3.4", hostnames: ["a"] }, { hostnames: ["b"] }],
      dns_config: { nameservers: ["1.1.1.1"], searches: ["s"], option: [{ name: "ndots", value: "2" }, { name: "o" }] },
      os: { name: "" },
    },
    {
      tolerations: [{ key: "k", operator: "Equal" }, { operator: "Exists", tolerationSeconds: 0 }],
      readinessGates: [{ conditionType: "c" }, { conditionType: "" }],
      hostAliases: [{ ip: "1.2.3.4", hostnames: ["a"] }, { ip: "", hostnames: ["b"] }],
      dnsConfig: { nameservers: ["1.1.1.1"], searches: ["s"], options: [{ name: "ndots", value: "2" }, { name: "o", value: "" }] },
      os: { name: "" },
    },
  ),
  podCase(
    "spreading",
    { topology_spread_constraint: [{ label_selector: [{ match_labels: { a: "b" } }], match_label_keys: ["d", "a"] }, { topology_key: "t", max_skew: 2, when_unsatisfiable: "ScheduleAnyway" }] },
    {
      topologySpreadConstraints: [
        // CRC-32 of "a;" and "d;": 2352259389, 4047721848.
        { labelSelector: { matchLabels: { a: "b" } }, matchLabelKeys: ["a", "d"], maxSkew: 1, topologyKey: "", whenUnsatisfiable: "DoNotSchedule" },
        { maxSkew: 2, topologyKey: "t", whenUnsatisfiable: "ScheduleAnyway" },
      ],
    },
  ),
  podCase(
    "affinities: sets in Terraform's order, blocks in their lists",
    {
      affinity: {
        node_affinity: {
          required_during_scheduling_ignored_during_execution: {
            node_selector_term: [{ match_expressions: [{ key: "k", operator: "In", values: ["b", "a", "a"] }], match_fields: [{ key: "f" }] }],
          },
          preferred_during_scheduling_ignored_during_execution: [{ preference: { match_expressions: [{ operator: "Exists" }] } }],
        },
        pod_affinity: { required_during_scheduling_ignored_during_execution: [{ namespaces: ["get", "list"], namespace_selector: {} }] },
        pod_anti_affinity: {
          preferred_during_scheduling_ignored_during_execution: [{ weight: 1, pod_affinity_term: { topology_key: "t", label_selector: [{}] } }, { pod_affinity_term: {} }],
        },
      },
    },
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              // CRC-32 of "a" and "b": 3904355907, 1908338681.
              { matchExpressions: [{ key: "k", operator: "In", values: ["b", "a"] }], matchFields: [{ key: "f", operator: "" }] },
            ],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: { matchExpressions: [{ key: "", operator: "Exists" }] } }],
        },
        podAffinity: {
          // CRC-32 of "list" and "get": 1154021400, 4248514160.
          requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ["list", "get"], namespaceSelector: {}, topologyKey: "" }],
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: "t", labelSelector: {} } }, { weight: 0, podAffinityTerm: {} }],
        },
      },
    },
  ),
  podCase(
    "volumes: modes are octal, by default 0644",
    {
      volume: [
        { name: "a", config_map: { name: "m", items: [item, { key: "k", mode: "0400" }] } },
        { config_map: { name: "m", default_mode: "0440", optional: true } },
        { name: "b", secret: { secret_name: "s", items: [{ path: "p" }] } },
        { name: "c", empty_dir: {} },
        { name: "d", empty_dir: { medium: "Memory", size_limit: "1Mi" } },
        { name: "e", downward_api: { items: [{ path: "p", mode: "0777", field_ref: { field_path: "f" } }, { resource_field_ref: { resource: "r" } }] } },
        { name: "f", persistent_volume_claim: { claim_name: "c", read_only: true } },
        { name: "g", persistent_volume_claim: { read_only: true } },
        { name: "h", host_path: { path: "/h" } },
        { name: "i", host_path: { type: "File" } },
        { name: "j", nfs: { server: "s", path: "/p", read_only: true } },
        { name: "k", nfs: { read_only: true } },
        { name: "l", csi: { driver: "d", volume_attributes: { a: "b" }, node_publish_secret_ref: { name: "s" } } },
        { name: "m", csi: { read_only: true } },
      ],
    },
    {
      volumes: [
        { name: "a", configMap: { name: "m", defaultMode: 420, items: [item, { key: "k", path: "", mode: 256 }], optional: false } },
        { name: "", configMap: { name: "m", defaultMode: 288, optional: true } },
        { name: "b", secret: { secretName: "s", defaultMode: 420, items: [{ key: "", path: "p" }], optional: false } },
        { name: "c", emptyDir: {} },
        { name: "d", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        {
          name: "e",
          downwardAPI: {
            defaultMode: 420,
            items: [
              { path: "p", mode: 511, fieldRef: { apiVersion: "v1", fieldPath: "f" } },
              { path: "", resourceFieldRef: { resource: "r", divisor: "1" } },
            ],
          },
        },
        { name: "f", persistentVolumeClaim: { claimName: "c", readOnly: true } },
        { name: "g", persistentVolumeClaim: { claimName: "", readOnly: true } },
        { name: "h", hostPath: { path: "/h", type: "" } },
        { name: "i", hostPath: { path: "", type: "File" } },
        { name: "j", nfs: { server: "s", path: "/p", readOnly: true } },
        { name: "k", nfs: { server: "", path: "", readOnly: true } },
        { name: "l", csi: { driver: "d", readOnly: false, volumeAttributes: { a: "b" }, nodePublishSecretRef: { name: "s" } } },
        { name: "m", csi: { driver: "", readOnly: true } },
      ],
    },
  ),
  podCase(
    "each source of a projected volume is a source of its own",
    {
      volume: [
        {
          name: "v",
          projected: [
            {
              sources: [
                { config_map: [{ name: "m" }, { name: "n", items: [item] }], secret: [{ name: "s", optional: true }] },
                { service_account_token: { path: "p" }, downward_api: { items: [{ path: "q" }] } },
                { service_account_token: { audience: "a", expiration_seconds: 600 } },
              ],
            },
          ],
        },
        {
          name: "w",
          ephemeral: { volume_claim_template: { metadata: { labels: { a: "b" } }, spec: { access_modes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } } },
        },
      ],
    },
    {
      volumes: [
        {
          name: "v",
          projected: {
            defaultMode: 420,
            sources: [
              { secret: { name: "s", optional: true } },
              { configMap: { name: "m", optional: false } },
              { configMap: { name: "n", items: [item], optional: false } },
              { downwardAPI: { items: [{ path: "q" }] } },
              { serviceAccountToken: { expirationSeconds: 3600, path: "p" } },
              { serviceAccountToken: { audience: "a", expirationSeconds: 600, path: "" } },
            ],
          },
        },
        {
          name: "w",
          ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: "b" } }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } } },
        },
      ],
    },
  ),
];
