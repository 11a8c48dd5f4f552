import { block, integerOrString, many, number, one, refused, string } from "./field";
import { labelSelector, namespaced } from "./shared";

export const podDisruptionBudget = block({
  metadata: namespaced,
  spec: one(
    block({ max_unavailable: integerOrString(), min_available: integerOrString(), selector: one(labelSelector) }),
  ),
});

/** Of the three measures the provider sends the one that the type names. */
const measures: Readonly<Record<string, string>> = {
  AverageValue: "averageValue",
  Utilization: "averageUtilization",
  Value: "value",
};
const target = one(
  block(
    { type: string({ sent: true }), average_utilization: number(), average_value: string(), value: string() },
    (rendered) =>
      Object.fromEntries(
        Object.entries(rendered).filter(([name]) => name === "type" || name === measures[String(rendered.type)]),
      ),
  ),
  { sent: true },
);
const objectReference = block({ api_version: string(), kind: string({ sent: true }), name: string({ sent: true }) });
const identified = one(block({ name: string({ sent: true }), selector: one(labelSelector) }));

/** Unset, the provider sends select_policy as "", which Kubernetes refuses, and the window as 0, which it takes. */
const scalingRules = one(
  block({
    policy: many(
      "policies",
      block({ type: string({ sent: true }), value: number({ sent: true }), period_seconds: number({ sent: true }) }),
    ),
    select_policy: string({ sent: true }),
    stabilization_window_seconds: number({ sent: true }),
  }),
  { sent: true },
);

export const horizontalPodAutoscaler = block({
  metadata: namespaced,
  spec: one(
    block({
      behavior: one(block({ scale_down: scalingRules, scale_up: scalingRules }), { sent: true }),
      max_replicas: number({ sent: true }),
      metric: many(
        "metrics",
        block({
          type: string({ sent: true }),
          container_resource: one(block({ container: string({ sent: true }), name: string({ sent: true }), target })),
          external: one(block({ metric: identified, target })),
          object: one(block({ described_object: one(objectReference), metric: identified, target })),
          pods: one(block({ metric: identified, target })),
          resource: one(block({ name: string({ sent: true }), target })),
        }),
      ),
      min_replicas: number({ default: 1 }),
      scale_target_ref: one(objectReference),
      target_cpu_utilization_percentage: refused("autoscaling/v2 has no such field: use a metric of type Resource"),
    }),
  ),
});
