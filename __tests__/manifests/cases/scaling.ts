import { metadata, type Case } from "./case";

export const scaling: readonly Case[] = [
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
    given: {
      metadata,
      spec: {
        max_replicas: 2,
        scale_target_ref: { kind: "k" },
        behavior: { scale_up: { policy: [{ type: "Pods" }, { value: 1 }, { period_seconds: 5 }] } },
      },
    },
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
      spec: {
        behavior: { scaleDown: { selectPolicy: "Min", stabilizationWindowSeconds: 0 }, scaleUp: {} },
        maxReplicas: 2,
        minReplicas: 1,
      },
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
          {
            resource: {
              name: "cpu",
              target: { type: "Utilization", average_utilization: 70, average_value: "1", value: "1" },
            },
          },
          {
            type: "ContainerResource",
            container_resource: {
              name: "memory",
              target: { type: "AverageValue", average_utilization: 70, average_value: "1" },
            },
          },
          { type: "ContainerResource", container_resource: { container: "c" } },
          { type: "External", external: { metric: { selector: {} }, target: { type: "Value", value: "1" } } },
          {
            type: "Object",
            object: { described_object: { name: "o", kind: "k" }, metric: { name: "m" }, target: { value: "1" } },
          },
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
          {
            type: "ContainerResource",
            containerResource: { container: "", name: "memory", target: { type: "AverageValue", averageValue: "1" } },
          },
          { type: "ContainerResource", containerResource: { container: "c", name: "", target: {} } },
          { type: "External", external: { metric: { name: "", selector: {} }, target: { type: "Value", value: "1" } } },
          {
            type: "Object",
            object: { describedObject: { kind: "k", name: "o" }, metric: { name: "m" }, target: { type: "" } },
          },
          { type: "Resource", resource: {} },
          { type: "Resource", resource: { name: "", target: { type: "Value" } } },
        ],
      },
    },
  },
];
