import { block, bool, ignored, integer, many, number, numbers, one, string } from "./field";
import { jobPodTemplate } from "./pod";
import { labelSelector, namespaced, templated } from "./shared";

const jobSpec = block({
  active_deadline_seconds: number(),
  backoff_limit: number({ default: 6, sent: true }),
  backoff_limit_per_index: number(),
  completion_mode: string(),
  completions: number({ default: 1 }),
  manual_selector: bool({ sent: true }),
  max_failed_indexes: number(),
  parallelism: number({ default: 1, sent: true }),
  pod_failure_policy: one(
    block({
      rule: many(
        "rules",
        block({
          action: string(),
          on_exit_codes: one(block({ container_name: string(), operator: string(), values: numbers() })),
          on_pod_condition: many("onPodConditions", block({ status: string(), type: string() })),
        }),
      ),
    }),
  ),
  selector: one(labelSelector),
  template: jobPodTemplate,
  ttl_seconds_after_finished: integer(),
});

export const job = block({ metadata: namespaced, spec: one(jobSpec), timeouts: ignored, wait_for_completion: ignored });

export const cronJob = block({
  metadata: namespaced,
  timeouts: ignored,
  spec: one(
    block({
      concurrency_policy: string({ default: "Allow" }),
      failed_jobs_history_limit: number({ default: 1, sent: true }),
      job_template: one(block({ metadata: templated, spec: one(jobSpec) })),
      schedule: string(),
      starting_deadline_seconds: number(),
      successful_jobs_history_limit: number({ default: 3, sent: true }),
      suspend: bool({ sent: true }),
      timezone: string({ name: "timeZone" }),
    }),
  ),
});
