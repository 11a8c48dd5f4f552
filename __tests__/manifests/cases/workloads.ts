import { containerDefaults, metadata, podDefaults, type Case } from "./case";

const container = { name: "c" };
const template = { metadata: {}, spec: { container } };
const templateMade = { metadata: {}, spec: { ...podDefaults, containers: [{ ...containerDefaults, name: "c" }] } };
const jobTemplateMade = { ...templateMade, spec: { ...templateMade.spec, restartPolicy: "Never" } };
const jobMade = { backoffLimit: 6, completions: 1, manualSelector: false, parallelism: 1, template: jobTemplateMade };

export const workloads: readonly Case[] = [
  {
    title: "a Deployment with nothing set",
    type: "kubernetes_deployment_v1",
    given: { metadata: { name: "it" }, spec: { template } },
    made: {
      metadata: { name: "it", namespace: "default" },
      spec: { progressDeadlineSeconds: 600, revisionHistoryLimit: 10, template: templateMade },
    },
  },
  {
    title: "a Deployment's zeros and strategy",
    type: "kubernetes_deployment_v1",
    given: {
      metadata,
      wait_for_rollout: true,
      timeouts: { create: "1m" },
      spec: {
        paused: true,
        progress_deadline_seconds: 0,
        replicas: 0,
        revision_history_limit: 0,
        selector: { match_labels: { a: "b" }, match_expressions: [{}] },
        strategy: { rolling_update: { max_surge: "1" } },
        template,
      },
    },
    made: {
      metadata,
      spec: {
        paused: true,
        progressDeadlineSeconds: 0,
        replicas: 0,
        revisionHistoryLimit: 0,
        selector: { matchLabels: { a: "b" }, matchExpressions: [{}] },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
        template: templateMade,
      },
    },
  },
  {
    title: "a Deployment's other half of a strategy, and a template's namespace",
    type: "kubernetes_deployment_v1",
    given: {
      metadata,
      spec: {
        strategy: { type: "Recreate", rolling_update: { max_unavailable: "0" } },
        template: { metadata: { namespace: "n" } },
      },
    },
    made: {
      metadata,
      spec: {
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: "Recreate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        template: { metadata: { namespace: "n" } },
      },
    },
  },
  {
    title: "a DaemonSet, whose strategy has another name and other defaults",
    type: "kubernetes_daemon_set_v1",
    given: { metadata, spec: { strategy: { rolling_update: {} }, template } },
    made: {
      metadata,
      spec: {
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: templateMade,
      },
    },
  },
  {
    title: "a DaemonSet's zeros",
    type: "kubernetes_daemon_set_v1",
    given: { metadata, spec: { revision_history_limit: 0, template } },
    made: { metadata, spec: { revisionHistoryLimit: 0, template: templateMade } },
  },
  {
    title: "a StatefulSet: no history unless asked for",
    type: "kubernetes_stateful_set_v1",
    given: {
      metadata,
      spec: {
        template,
        update_strategy: { rolling_update: {} },
        persistent_volume_claim_retention_policy: {},
        volume_claim_template: [
          { metadata: { name: "v" }, spec: { access_modes: ["y", "x"], resources: {}, storage_class_name: "s" } },
        ],
      },
    },
    made: {
      metadata,
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        revisionHistoryLimit: 0,
        serviceName: "",
        template: templateMade,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
        volumeClaimTemplates: [
          // CRC-32 of "x" and "y": 2363233923, 4225443349.
          {
            metadata: { name: "v", namespace: "default" },
            spec: { accessModes: ["x", "y"], resources: {}, storageClassName: "s" },
          },
        ],
      },
    },
  },
  {
    title: "a StatefulSet's numbers",
    type: "kubernetes_stateful_set_v1",
    given: { metadata, spec: { replicas: "0", revision_history_limit: 3, service_name: "s", template } },
    made: { metadata, spec: { replicas: 0, revisionHistoryLimit: 3, serviceName: "s", template: templateMade } },
  },
  {
    title: "a Job with nothing set, whose pods are not restarted",
    type: "kubernetes_job_v1",
    given: { metadata, spec: { template }, wait_for_completion: false },
    made: { metadata, spec: jobMade },
  },
  {
    title: "a Job's zeros and rules for failed pods",
    type: "kubernetes_job_v1",
    given: {
      metadata,
      spec: {
        backoff_limit: 0,
        completions: 0,
        parallelism: 0,
        manual_selector: true,
        ttl_seconds_after_finished: "0",
        pod_failure_policy: {
          rule: [
            { action: "Ignore", on_pod_condition: [{ type: "t" }] },
            { on_exit_codes: { operator: "In", values: [1, 2] } },
          ],
        },
        template: {},
      },
    },
    made: {
      metadata,
      spec: {
        backoffLimit: 0,
        manualSelector: true,
        parallelism: 0,
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onPodConditions: [{ type: "t" }] },
            { onExitCodes: { operator: "In", values: [1, 2] } },
          ],
        },
        template: {},
        ttlSecondsAfterFinished: 0,
      },
    },
  },
  {
    title: "a Job whose template says only what its pods are called",
    type: "kubernetes_job_v1",
    given: { metadata, spec: { template: { metadata: { labels: { a: "b" } } } } },
    made: { metadata, spec: { ...jobMade, template: { metadata: { labels: { a: "b" } } } } },
  },
  {
    title: "a CronJob with nothing set",
    type: "kubernetes_cron_job_v1",
    given: {
      metadata,
      spec: { job_template: { metadata: {}, spec: { template } }, schedule: "@daily", timezone: "Etc/UTC" },
    },
    made: {
      metadata,
      spec: {
        concurrencyPolicy: "Allow",
        failedJobsHistoryLimit: 1,
        jobTemplate: { metadata: {}, spec: jobMade },
        schedule: "@daily",
        successfulJobsHistoryLimit: 3,
        suspend: false,
        timeZone: "Etc/UTC",
      },
    },
  },
  {
    title: "a CronJob's zeros",
    type: "kubernetes_cron_job_v1",
    given: {
      metadata,
      spec: {
        failed_jobs_history_limit: 0,
        successful_jobs_history_limit: 0,
        job_template: { metadata: {}, spec: { template } },
      },
    },
    made: {
      metadata,
      spec: {
        concurrencyPolicy: "Allow",
        failedJobsHistoryLimit: 0,
        jobTemplate: { metadata: {}, spec: jobMade },
        successfulJobsHistoryLimit: 0,
        suspend: false,
      },
    },
  },
];
