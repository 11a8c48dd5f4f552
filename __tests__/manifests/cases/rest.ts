import { metadata, type Case } from "./case";

const clusterWide = { name: "it" };

export const rest: readonly Case[] = [
  {
    title: "a Namespace",
    type: "kubernetes_namespace_v1",
    given: { metadata: { ...clusterWide, labels: { b: "1", a: 2 }, annotations: {} }, wait_for_default_service_account: true },
    made: { metadata: { ...clusterWide, labels: { a: "2", b: "1" } } },
  },
  {
    title: "a ConfigMap says whether it may change",
    type: "kubernetes_config_map_v1",
    given: { metadata, data: { yes: "no", on: true, n: 1.5 } },
    made: { metadata, data: { yes: "no", on: "true", n: "1.5" }, immutable: false },
  },
  {
    title: "a Secret: text is encoded and goes before bytes of the same name",
    type: "kubernetes_secret_v1",
    given: { metadata, data: { a: "ä" }, binary_data: { a: "AA==", b: "AAEC" }, immutable: false },
    made: { metadata, type: "Opaque", data: { a: "w6Q=", b: "AAEC" } },
  },
  {
    title: "a Secret without data",
    type: "kubernetes_secret_v1",
    given: { metadata, type: "kubernetes.io/tls", immutable: true },
    made: { metadata, type: "kubernetes.io/tls", immutable: true },
  },
  {
    title: "a ServiceAccount mounts its token unless told not to",
    type: "kubernetes_service_account_v1",
    given: { metadata, image_pull_secret: [{ name: "b" }, { name: "a" }, { name: "c" }], secret: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    made: {
      metadata,
      automountServiceAccountToken: true,
      // CRC-32 of "name:a;", "name:b;", "name:c;": 201741168, 657129651, 1043345906.
      imagePullSecrets: [{ name: "c" }, { name: "a" }, { name: "b" }],
      secrets: [{ name: "c" }, { name: "a" }, { name: "b" }],
    },
  },
  {
    title: "a ServiceAccount that mounts no token",
    type: "kubernetes_service_account_v1",
    given: { metadata, automount_service_account_token: false },
    made: { metadata, automountServiceAccountToken: false },
  },
  {
    title: "a ResourceQuota",
    type: "kubernetes_resource_quota_v1",
    given: {
      metadata,
      spec: { hard: { pods: 2 }, scopes: ["a", "b"], scope_selector: { match_expression: [{ values: ["x", "y", "a"] }, { scope_name: "s" }, { operator: "o" }] } },
    },
    made: {
      metadata,
      spec: {
        hard: { pods: "2" },
        scopes: ["b", "a"],
        scopeSelector: {
          matchExpressions: [
            // CRC-32 of "x", "a", "y": 2363233923, 3904355907, 4225443349.
            { scopeName: "", operator: "", values: ["x", "a", "y"] },
            { scopeName: "s", operator: "" },
            { scopeName: "", operator: "o" },
          ],
        },
      },
    },
  },
  {
    title: "a LimitRange",
    type: "kubernetes_limit_range_v1",
    given: { metadata, spec: { limit: [{ default: { cpu: "1" }, max_limit_request_ratio: { cpu: 2 } }] } },
    made: { metadata, spec: { limits: [{ type: "", default: { cpu: "1" }, maxLimitRequestRatio: { cpu: "2" } }] } },
  },
  {
    title: "a PriorityClass",
    type: "kubernetes_priority_class_v1",
    given: { metadata: clusterWide, value: 0, global_default: true },
    made: { metadata: clusterWide, globalDefault: true, preemptionPolicy: "PreemptLowerPriority", value: 0 },
  },
  {
    title: "a Role: what it lists are sets",
    type: "kubernetes_role_v1",
    given: { metadata, rule: [{ api_groups: ["a", "b"], resources: ["a", "b"], resource_names: ["a", "b"], verbs: ["a", "b"] }, { resources: ["x"] }] },
    made: {
      metadata,
      rules: [
        { apiGroups: ["b", "a"], resourceNames: ["b", "a"], resources: ["b", "a"], verbs: ["b", "a"] },
        { resources: ["x"], verbs: [] },
      ],
    },
  },
  { title: "a Role without rules", type: "kubernetes_role_v1", given: { metadata }, made: { metadata, rules: [] } },
  {
    title: "a ClusterRole: what it lists are lists",
    type: "kubernetes_cluster_role_v1",
    given: { metadata: clusterWide, rule: [{ non_resource_urls: ["b", "a"], verbs: ["get", "create"] }, {}], aggregation_rule: { cluster_role_selectors: [{ match_labels: { a: "b" } }] } },
    made: {
      metadata: clusterWide,
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
      rules: [{ nonResourceURLs: ["b", "a"], verbs: ["get", "create"] }, {}],
    },
  },
  {
    title: "a ClusterRole's rule without verbs, and none at all",
    type: "kubernetes_cluster_role_v1",
    given: { metadata: clusterWide, rule: { api_groups: [""], resources: ["pods"] } },
    made: { metadata: clusterWide, rules: [{ apiGroups: [""], resources: ["pods"], verbs: [] }] },
  },
  { title: "a ClusterRole without rules", type: "kubernetes_cluster_role_v1", given: { metadata: clusterWide }, made: { metadata: clusterWide, rules: [] } },
  {
    title: "a RoleBinding: subjects stand in the namespace default",
    type: "kubernetes_role_binding_v1",
    given: { metadata, role_ref: { name: "r" }, subject: [{ kind: "User", name: "u" }, { namespace: "n", api_group: "g" }] },
    made: {
      metadata,
      roleRef: { apiGroup: "", kind: "", name: "r" },
      subjects: [
        { kind: "User", name: "u", namespace: "default" },
        { apiGroup: "g", kind: "", name: "", namespace: "n" },
      ],
    },
  },
  {
    title: "a ClusterRoleBinding",
    type: "kubernetes_cluster_role_binding_v1",
    given: { metadata: clusterWide, role_ref: { api_group: "g", kind: "ClusterRole" }, subject: { name: "s" } },
    made: { metadata: clusterWide, roleRef: { apiGroup: "g", kind: "ClusterRole", name: "" }, subjects: [{ kind: "", name: "s", namespace: "default" }] },
  },
  {
    title: "a PersistentVolumeClaim",
    type: "kubernetes_persistent_volume_claim_v1",
    given: { metadata, spec: { access_modes: ["b", "a"], volume_name: "v", volume_mode: "Block", selector: {}, storage_class_name: "" }, wait_until_bound: false },
    made: { metadata, spec: { accessModes: ["b", "a"], resources: {}, selector: {}, volumeMode: "Block", volumeName: "v" } },
  },
  {
    title: "a PersistentVolume: its source stands in its spec",
    type: "kubernetes_persistent_volume_v1",
    given: {
      metadata: clusterWide,
      spec: [
        {
          access_modes: ["a", "b"],
          capacity: { storage: "1Gi" },
          mount_options: ["a", "b"],
          claim_ref: { name: "c" },
          node_affinity: { required: { node_selector_term: { match_expressions: [{ key: "k", operator: "Exists" }] } } },
          persistent_volume_source: { local: { path: "/p" }, csi: { driver: "d", node_stage_secret_ref: { name: "n", namespace: "m" } } },
        },
      ],
    },
    made: {
      metadata: clusterWide,
      spec: {
        accessModes: ["b", "a"],
        capacity: { storage: "1Gi" },
        claimRef: { name: "c", namespace: "default" },
        mountOptions: ["b", "a"],
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "k", operator: "Exists" }] }] } },
        persistentVolumeReclaimPolicy: "Retain",
        local: { path: "/p" },
        csi: { driver: "d", volumeHandle: "", nodeStageSecretRef: { name: "n", namespace: "m" } },
        volumeMode: "Filesystem",
      },
    },
  },
  {
    title: "a PersistentVolume's source with one half unset",
    type: "kubernetes_persistent_volume_v1",
    given: { metadata: clusterWide, spec: { persistent_volume_source: { csi: { volume_handle: "h" } } } },
    made: { metadata: clusterWide, spec: { persistentVolumeReclaimPolicy: "Retain", csi: { driver: "", volumeHandle: "h" }, volumeMode: "Filesystem" } },
  },
  {
    title: "a StorageClass with nothing set",
    type: "kubernetes_storage_class_v1",
    given: { metadata: clusterWide },
    made: { metadata: clusterWide, allowVolumeExpansion: true, provisioner: "", reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
  },
  {
    title: "a StorageClass",
    type: "kubernetes_storage_class_v1",
    given: {
      metadata: clusterWide,
      allow_volume_expansion: false,
      storage_provisioner: "p",
      mount_options: ["a", "b"],
      allowed_topologies: { match_label_expressions: [{ values: ["1", "2", "3"] }, { key: "k" }] },
    },
    made: {
      metadata: clusterWide,
      allowVolumeExpansion: false,
      allowedTopologies: [{ matchLabelExpressions: [{ key: "", values: ["2", "3", "1"] }, { key: "k" }] }],
      mountOptions: ["b", "a"],
      provisioner: "p",
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
  },
  {
    title: "a PodDisruptionBudget: a number or a share",
    type: "kubernetes_pod_disruption_budget_v1",
    given: { metadata, spec: { max_unavailable: "0", min_available: "1", selector: { match_labels: { a: "b" } } } },
    made: { metadata, spec: { maxUnavailable: 0, minAvailable: 1, selector: { matchLabels: { a: "b" } } } },
  },
  {
    title: "a PodDisruptionBudget in shares",
    type: "kubernetes_pod_disruption_budget_v1",
    given: { metadata, spec: { max_unavailable: "25%", min_available: "", selector: {} } },
    made: { metadata, spec: { maxUnavailable: "25%", selector: {} } },
  },
  {
    title: "a HorizontalPodAutoscaler with nothing set has an empty behaviour, which is not none",
    type: "kubernetes_horizontal_pod_autoscaler_v2",
    given: { metadata, spec: { scale_target_ref: { name: "n" } } },
    made: { metadata, spec: { behavior: {}, maxReplicas: 0, minReplicas: 1, scaleTargetRef: { kind: "", name: "n" } } },
  },
  {
    title: "a HorizontalPodAutoscaler's behaviour",
    type: "kubernetes_horizontal_pod_autoscaler_v2",
    given: { metadata, spec: { max_replicas: 2, scale_target_ref: { kind: "k" }, behavior: { scale_up: { policy: [{ type: "Pods" }, { value: 1 }, { period_seconds: 5 }] } } } },
    made: {
      metadata,
      spec: {
        behavior: {
          scaleDown: {},
          scaleUp: {
            policies: [
              { type: "Pods", value: 0, periodSeconds: 0 },
              { type: "", value: 1, periodSeconds: 0 },
              { type: "", value: 0, periodSeconds: 5 },
            ],
            selectPolicy: "",
            stabilizationWindowSeconds: 0,
          },
        },
        maxReplicas: 2,
        minReplicas: 1,
        scaleTargetRef: { kind: "k", name: "" },
      },
    },
  },
  {
    title: "a HorizontalPodAutoscaler that scales down",
    type: "kubernetes_horizontal_pod_autoscaler_v2",
    given: { metadata, spec: { max_replicas: 2, behavior: { scale_down: { select_policy: "Min" } } } },
    made: {
      metadata,
      spec: { behavior: { scaleDown: { selectPolicy: "Min", stabilizationWindowSeconds: 0 }, scaleUp: {} }, maxReplicas: 2, minReplicas: 1 },
    },
  },
  {
    title: "a HorizontalPodAutoscaler's metrics: of the measures the one that the type names",
    type: "kubernetes_horizontal_pod_autoscaler_v2",
    given: {
      metadata,
      spec: {
        max_replicas: 2,
        metric: [
          { resource: { name: "cpu", target: { type: "Utilization", average_utilization: 70, average_value: "1", value: "1" } } },
          { type: "ContainerResource", container_resource: { name: "memory", target: { type: "AverageValue", average_utilization: 70, average_value: "1" } } },
          { type: "ContainerResource", container_resource: { container: "c" } },
          { type: "External", external: { metric: { selector: {} }, target: { type: "Value", value: "1" } } },
          { type: "Object", object: { described_object: { name: "o", kind: "k" }, metric: { name: "m" }, target: { value: "1" } } },
          { type: "Resource", resource: {} },
          { type: "Resource", resource: { target: { type: "Value" } } },
        ],
      },
    },
    made: {
      metadata,
      spec: {
        behavior: {},
        maxReplicas: 2,
        minReplicas: 1,
        metrics: [
          { type: "", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
          { type: "ContainerResource", containerResource: { container: "", name: "memory", target: { type: "AverageValue", averageValue: "1" } } },
          { type: "ContainerResource", containerResource: { container: "c", name: "", target: {} } },
          { type: "External", external: { metric: { name: "", selector: {} }, target: { type: "Value", value: "1" } } },
          { type: "Object", object: { describedObject: { kind: "k", name: "o" }, metric: { name: "m" }, target: { type: "" } } },
          { type: "Resource", resource: {} },
          { type: "Resource", resource: { name: "", target: { type: "Value" } } },
        ],
      },
    },
  },
  {
    title: "a literal manifest is taken as it is, without its nulls",
    type: "kubernetes_manifest",
    given: { manifest: { apiVersion: "a/v1", kind: "K", metadata: { name: "it" }, spec: { some_key: [1, null, { a: null, b: false }] } }, wait: { rollout: true } },
    made: { metadata: { name: "it" }, spec: { some_key: [1, null, { b: false }] } },
  },
];
