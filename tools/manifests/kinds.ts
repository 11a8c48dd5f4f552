import { clusterRole, clusterRoleBinding, role, roleBinding } from "./tables/access";
import { cronJob, job } from "./tables/batch";
import {
  configMap,
  limitRange,
  namespace,
  priorityClass,
  resourceQuota,
  secret,
  serviceAccount,
} from "./tables/config";
import type { Block } from "./tables/field";
import { ingress, networkPolicy, service } from "./tables/network";
import { horizontalPodAutoscaler, podDisruptionBudget } from "./tables/scaling";
import { persistentVolume, persistentVolumeClaim, storageClass } from "./tables/storage";
import { barePod, daemonSet, deployment, statefulSet } from "./tables/workloads";

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly block: Block;
}

/**
 * The provider's resources and what they become, in the order in which they are best applied: what others
 * stand in or are limited by first. References between resources go before this order.
 */
export const kinds: Readonly<Record<string, Kind>> = {
  kubernetes_namespace_v1: { apiVersion: "v1", kind: "Namespace", block: namespace },
  kubernetes_priority_class_v1: { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", block: priorityClass },
  kubernetes_storage_class_v1: { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", block: storageClass },
  kubernetes_network_policy_v1: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", block: networkPolicy },
  kubernetes_resource_quota_v1: { apiVersion: "v1", kind: "ResourceQuota", block: resourceQuota },
  kubernetes_limit_range_v1: { apiVersion: "v1", kind: "LimitRange", block: limitRange },
  kubernetes_service_account_v1: { apiVersion: "v1", kind: "ServiceAccount", block: serviceAccount },
  kubernetes_cluster_role_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", block: clusterRole },
  kubernetes_cluster_role_binding_v1: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    block: clusterRoleBinding,
  },
  kubernetes_role_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", block: role },
  kubernetes_role_binding_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", block: roleBinding },
  kubernetes_secret_v1: { apiVersion: "v1", kind: "Secret", block: secret },
  kubernetes_config_map_v1: { apiVersion: "v1", kind: "ConfigMap", block: configMap },
  kubernetes_persistent_volume_v1: { apiVersion: "v1", kind: "PersistentVolume", block: persistentVolume },
  kubernetes_persistent_volume_claim_v1: {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    block: persistentVolumeClaim,
  },
  kubernetes_service_v1: { apiVersion: "v1", kind: "Service", block: service },
  kubernetes_deployment_v1: { apiVersion: "apps/v1", kind: "Deployment", block: deployment },
  kubernetes_stateful_set_v1: { apiVersion: "apps/v1", kind: "StatefulSet", block: statefulSet },
  kubernetes_daemon_set_v1: { apiVersion: "apps/v1", kind: "DaemonSet", block: daemonSet },
  kubernetes_pod_v1: { apiVersion: "v1", kind: "Pod", block: barePod },
  kubernetes_job_v1: { apiVersion: "batch/v1", kind: "Job", block: job },
  kubernetes_cron_job_v1: { apiVersion: "batch/v1", kind: "CronJob", block: cronJob },
  kubernetes_pod_disruption_budget_v1: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    block: podDisruptionBudget,
  },
  kubernetes_horizontal_pod_autoscaler_v2: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    block: horizontalPodAutoscaler,
  },
  kubernetes_ingress_v1: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", block: ingress },
};

/** An object as the provider takes it literally; only how Terraform applies and watches it stands beside it. */
export const literalKind = "kubernetes_manifest";
export const literalMembers: ReadonlySet<string> = new Set([
  "manifest",
  "computed_fields",
  "field_manager",
  "timeouts",
  "wait",
  "wait_for",
]);
