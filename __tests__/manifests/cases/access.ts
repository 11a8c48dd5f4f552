import { metadata, type Case } from "./case";

const clusterWide = { name: "it" };

export const access: readonly Case[] = [
  {
    title: "a Role: what it lists are sets",
    type: "kubernetes_role_v1",
    given: {
      metadata,
      rule: [
        { api_groups: ["a", "b"], resources: ["a", "b"], resource_names: ["a", "b"], verbs: ["a", "b"] },
        { resources: ["x"] },
      ],
    },
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
    given: {
      metadata: clusterWide,
      rule: [{ non_resource_urls: ["b", "a"], verbs: ["get", "create"] }, {}],
      aggregation_rule: { cluster_role_selectors: [{ match_labels: { a: "b" } }] },
    },
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
  {
    title: "a ClusterRole without rules",
    type: "kubernetes_cluster_role_v1",
    given: { metadata: clusterWide },
    made: { metadata: clusterWide, rules: [] },
  },
  {
    title: "a RoleBinding: subjects stand in the namespace default",
    type: "kubernetes_role_binding_v1",
    given: {
      metadata,
      role_ref: { name: "r" },
      subject: [
        { kind: "User", name: "u" },
        { namespace: "n", api_group: "g" },
      ],
    },
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
    made: {
      metadata: clusterWide,
      roleRef: { apiGroup: "g", kind: "ClusterRole", name: "" },
      subjects: [{ kind: "", name: "s", namespace: "default" }],
    },
  },
];
