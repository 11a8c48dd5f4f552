import { podCase, type Case } from "./case";

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
    {
      host_ipc: true,
      host_pid: true,
      host_network: true,
      image_pull_secrets: [{ name: "s" }],
      node_selector: { a: "b" },
    },
    { hostIPC: true, hostPID: true, hostNetwork: true, imagePullSecrets: [{ name: "s" }], nodeSelector: { a: "b" } },
  ),
  podCase(
    "a security context says whether root is allowed, unless it is empty",
    {
      security_context: {
        fs_group: "999",
        supplemental_groups: [1, 2, 3],
        sysctl: [{ name: "n", value: "" }, { value: "v" }],
      },
    },
    {
      securityContext: {
        fsGroup: 999,
        runAsNonRoot: false,
        // CRC-32 of "1;", "2;", "3;": 915405929, 497201066, 79273707; ordered as text.
        supplementalGroups: [2, 3, 1],
        sysctls: [
          { name: "n", value: "" },
          { name: "", value: "v" },
        ],
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
      tolerations: [
        { key: "k", operator: "Equal" },
        { operator: "Exists", tolerationSeconds: 0 },
      ],
      readinessGates: [{ conditionType: "c" }, { conditionType: "" }],
      hostAliases: [
        { ip: "1.2.3.4", hostnames: ["a"] },
        { ip: "", hostnames: ["b"] },
      ],
      dnsConfig: {
        nameservers: ["1.1.1.1"],
        searches: ["s"],
        options: [
          { name: "ndots", value: "2" },
          { name: "o", value: "" },
        ],
      },
      os: { name: "" },
    },
  ),
  podCase(
    "spreading",
    {
      topology_spread_constraint: [
        { label_selector: [{ match_labels: { a: "b" } }], match_label_keys: ["d", "a"] },
        { topology_key: "t", max_skew: 2, when_unsatisfiable: "ScheduleAnyway" },
      ],
    },
    {
      topologySpreadConstraints: [
        // CRC-32 of "a;" and "d;": 2352259389, 4047721848.
        {
          labelSelector: { matchLabels: { a: "b" } },
          matchLabelKeys: ["a", "d"],
          maxSkew: 1,
          topologyKey: "",
          whenUnsatisfiable: "DoNotSchedule",
        },
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
            node_selector_term: [
              {
                match_expressions: [{ key: "k", operator: "In", values: ["b", "a", "a"] }],
                match_fields: [{ key: "f" }],
              },
            ],
          },
          preferred_during_scheduling_ignored_during_execution: [
            { preference: { match_expressions: [{ operator: "Exists" }] } },
          ],
        },
        pod_affinity: {
          required_during_scheduling_ignored_during_execution: [
            { namespaces: ["get", "list"], namespace_selector: {} },
          ],
        },
        pod_anti_affinity: {
          preferred_during_scheduling_ignored_during_execution: [
            { weight: 1, pod_affinity_term: { topology_key: "t", label_selector: [{}] } },
            { pod_affinity_term: {} },
          ],
        },
      },
    },
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              // CRC-32 of "a" and "b": 3904355907, 1908338681.
              {
                matchExpressions: [{ key: "k", operator: "In", values: ["b", "a"] }],
                matchFields: [{ key: "f", operator: "" }],
              },
            ],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 0, preference: { matchExpressions: [{ key: "", operator: "Exists" }] } },
          ],
        },
        podAffinity: {
          // CRC-32 of "list" and "get": 1154021400, 4248514160.
          requiredDuringSchedulingIgnoredDuringExecution: [
            { namespaces: ["list", "get"], namespaceSelector: {}, topologyKey: "" },
          ],
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, podAffinityTerm: { topologyKey: "t", labelSelector: {} } },
            { weight: 0, podAffinityTerm: {} },
          ],
        },
      },
    },
  ),
];
