import { metadata, type Case } from "./case";

const clusterWide = { name: "it" };

export const configuration: readonly Case[] = [
  {
    title: "a Namespace",
    type: "kubernetes_namespace_v1",
    given: {
      metadata: { ...clusterWide, labels: { b: "1", a: 2 }, annotations: {} },
      wait_for_default_service_account: true,
    },
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
    given: {
      metadata,
      image_pull_secret: [{ name: "b" }, { name: "a" }, { name: "c" }],
      secret: [{ name: "a" }, { name: "b" }, { name: "c" }],
    },
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
      spec: {
        hard: { pods: 2 },
        scopes: ["a", "b"],
        scope_selector: { match_expression: [{ values: ["x", "y", "a"] }, { scope_name: "s" }, { operator: "o" }] },
      },
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
    title: "a literal manifest is taken as it is, without its nulls",
    type: "kubernetes_manifest",
    given: {
      manifest: {
        apiVersion: "a/v1",
        kind: "K",
        metadata: { name: "it" },
        spec: { some_key: [1, null, { a: null, b: false }] },
      },
      wait: { rollout: true },
    },
    made: { metadata: { name: "it" }, spec: { some_key: [1, null, { b: false }] } },
  },
];
