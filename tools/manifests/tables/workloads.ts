import { block, bool, ignored, integer, integerOrString, many, number, one, string } from "./field";
import { pod, podTemplate } from "./pod";
import { claimSpec, labelSelector, namespaced } from "./shared";

/** How long Terraform itself waits. */
const waits = { timeouts: ignored, wait_for_rollout: ignored };

export const deployment = block({
  metadata: namespaced,
  ...waits,
  spec: one(
    block({
      min_ready_seconds: number(),
      paused: bool(),
      progress_deadline_seconds: number({ default: 600, sent: true }),
      replicas: integer(),
      revision_history_limit: number({ default: 10, sent: true }),
      selector: one(labelSelector),
      strategy: one(
        block({
          type: string({ default: "RollingUpdate" }),
          rolling_update: one(
            block({
              max_surge: integerOrString({ default: "25%" }),
              max_unavailable: integerOrString({ default: "25%" }),
            }),
          ),
        }),
      ),
      template: podTemplate,
    }),
  ),
});

export const daemonSet = block({
  metadata: namespaced,
  ...waits,
  spec: one(
    block({
      min_ready_seconds: number(),
      revision_history_limit: number({ default: 10, sent: true }),
      selector: one(labelSelector),
      strategy: one(
        block({
          type: string({ default: "RollingUpdate" }),
          rolling_update: one(
            block({ max_surge: integerOrString({ default: "0" }), max_unavailable: integerOrString({ default: "1" }) }),
          ),
        }),
        { name: "updateStrategy" },
      ),
      template: podTemplate,
    }),
  ),
});

/** Unlike a Deployment's, a StatefulSet's history has no default in the provider: unset is sent as 0. */
export const statefulSet = block({
  metadata: namespaced,
  ...waits,
  spec: one(
    block({
      min_ready_seconds: number(),
      persistent_volume_claim_retention_policy: one(
        block({ when_deleted: string({ default: "Retain" }), when_scaled: string({ default: "Retain" }) }),
      ),
      pod_management_policy: string(),
      replicas: integer(),
      revision_history_limit: number({ sent: true }),
      selector: one(labelSelector),
      service_name: string({ sent: true }),
      template: podTemplate,
      update_strategy: one(
        block({
          type: string({ default: "RollingUpdate" }),
          rolling_update: one(block({ partition: number({ default: 0, sent: true }) })),
        }),
      ),
      volume_claim_template: many("volumeClaimTemplates", block({ metadata: namespaced, spec: one(claimSpec) })),
    }),
  ),
});

export const barePod = block({ ...pod.fields, target_state: ignored, timeouts: ignored });
