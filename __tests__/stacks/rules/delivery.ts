import { envOf } from "../support/platform";
import type { Rule } from "../support/rule";
import { unless } from "../support/rule";
import type { Claim } from "../support/terraform";
import { everyContainer, everyDeployment, everyPod } from "./pods";

/** Which port and path tell that a process lives, and that it can serve. Redis is asked by its own client. */
const probes: Readonly<Record<string, { live: string; ready: string }>> = {
  frontend: { live: "http/health/live", ready: "http/health/ready" },
  redis: { live: "redis-cli", ready: "redis-cli" },
  "dask-scheduler": { live: "dashboard/health", ready: "dispatch/health" },
  "dask-workers": { live: "http/health", ready: "http/health" },
  "jupyter-notebook": { live: "http/api", ready: "http/api" },
};

/** Seconds that the longest work in flight may take after the word to go. */
const longestWork: Readonly<Record<string, number>> = { frontend: 10, redis: 1, "dask-scheduler": 10, "jupyter-notebook": 10 };

/** How pods come, live and go. */
export const deliveryRules: readonly Rule[] = [
  {
    promise: "probes ask the right port: the process itself whether it lives, the service whether it can serve",
    check: (platform) => everyDeployment(platform, ({ metadata: { name }, spec }) => {
      const { startup_probe: startup, liveness_probe: live, readiness_probe: ready, port } = spec.template.spec.container[0];
      const ports = port.map((entry) => entry.name);
      const asked = (probe: typeof live) => probe?.exec?.command.join(" ").match(/redis-cli/)?.[0] ??
        (ports.includes(probe?.http_get?.port ?? "") ? `${probe?.http_get?.port}${probe?.http_get?.path}` : "nothing");
      return [
        ...unless(asked(live) === probes[name]?.live, `asks ${asked(live)} whether it lives`),
        ...unless(asked(ready) === probes[name]?.ready, `asks ${asked(ready)} whether it is ready`),
        ...unless(asked(startup) === asked(live), `asks ${asked(startup)} whether it has started`),
      ];
    }),
    mutants: {
      "no liveness": (platform) => { delete platform.container("frontend").liveness_probe; },
      "no startup": (platform) => { delete platform.container("dask-scheduler").startup_probe; },
      "Dask's own port": (platform) => {
        const probe = platform.container("dask-scheduler").readiness_probe?.http_get;
        if (probe) probe.port = "comm";
      },
      "a port that is not there": (platform) => {
        const probe = platform.container("dask-workers").liveness_probe?.http_get;
        if (probe) probe.port = "dashboard";
      },
      "alive only while ready": (platform) => {
        const probe = platform.container("frontend").liveness_probe?.http_get;
        if (probe) probe.path = "/health/ready";
      },
    },
  },
  {
    promise: "a busy process is not killed for a late answer, and a slow start is not killed within a minute",
    check: (platform) => everyPod(platform, (pod) => everyContainer(pod, ({ liveness_probe: live, startup_probe: startup }) => [
      ...unless((live?.period_seconds ?? 0) * (live?.failure_threshold ?? 0) >= 60, "is killed within a minute of silence"),
      ...unless((live?.timeout_seconds ?? 0) >= 5, "has under 5 s for an answer"),
      ...unless((startup?.period_seconds ?? 0) * (startup?.failure_threshold ?? 0) >= 60, "has under a minute to start"),
    ])),
    mutants: {
      "impatient": (platform) => {
        const probe = platform.container("dask-workers").liveness_probe;
        if (probe) probe.failure_threshold = 1;
      },
      "a second for an answer": (platform) => {
        const probe = platform.container("dask-workers").liveness_probe;
        if (probe) probe.timeout_seconds = 1;
      },
      "a quick start wanted": (platform) => {
        const probe = platform.container("dask-scheduler").startup_probe;
        if (probe) probe.failure_threshold = 3;
      },
    },
  },
  {
    promise: "a pod that is told to go has longer than its longest work in flight",
    check: (platform) => everyDeployment(platform, ({ metadata: { name }, spec: { template: { spec } } }) => {
      const drain = envOf(spec.container[0], "PORTA_DRAIN_SECONDS");
      const longest = drain === undefined ? longestWork[name] : Number(drain) + 10;
      return unless(longest !== undefined && spec.termination_grace_period_seconds >= longest, "is killed at work");
    }),
    mutants: {
      "a frontend in a hurry": (platform) => { platform.pod("frontend").termination_grace_period_seconds = 5; },
      "a worker killed while it drains": (platform) => { platform.pod("dask-workers").termination_grace_period_seconds = 60; },
    },
  },
  {
    promise: "a frontend has thirty seconds to end, and a worker drains before it is told to",
    check: (platform) => [
      ...unless(platform.pod("frontend").termination_grace_period_seconds === 30, "frontend does not have 30 s"),
      ...unless(
        platform.container("dask-workers").lifecycle?.pre_stop[0]?.exec.command.join(" ") === "python -m porta.drain",
        "a worker goes without draining",
      ),
    ],
    mutants: {
      "no drain": (platform) => { delete platform.container("dask-workers").lifecycle; },
      "another grace": (platform) => { platform.pod("frontend").termination_grace_period_seconds = 31; },
    },
  },
  {
    promise: "frontends are replaced without a gap, workers one at a time, and of what must be alone there are never two",
    check: (platform) => everyDeployment(platform, ({ metadata: { name }, spec: { strategy } }) => {
      const { type, rolling_update: rolling } = strategy;
      const is = [type, rolling?.max_surge, rolling?.max_unavailable].filter((word) => word !== undefined).join(" ");
      const wanted = { frontend: "RollingUpdate 1 0", "dask-workers": "RollingUpdate 0 1" }[name] ?? "Recreate";
      return unless(is === wanted, `is replaced by ${is}`);
    }),
    mutants: {
      "a gap between frontends": (platform) => {
        platform.deployment("frontend").spec.strategy.rolling_update = { max_surge: "0", max_unavailable: "1" };
      },
      "two schedulers": (platform) => { platform.deployment("dask-scheduler").spec.strategy = { type: "RollingUpdate" }; },
      "two notebooks on one volume": (platform) => {
        platform.deployment("jupyter-notebook").spec.strategy = { type: "RollingUpdate" };
      },
    },
  },
  {
    promise: "a rollout that stands still ends the deploy, long before Terraform's own ten minutes without a word",
    check: (platform) => everyDeployment(platform, ({ wait_for_rollout: wait, timeouts, spec }) => {
      const deadline = spec.progress_deadline_seconds ?? Infinity;
      const grace = Number(spec.replicas) * spec.template.spec.termination_grace_period_seconds;
      return [
        ...unless(wait === true, "is not waited for"),
        ...unless(deadline <= 300, "may stand still for ever"),
        ...["create", "update", "delete"].flatMap((action) => {
          const timeout = Number(/^(\d+)s$/.exec(timeouts?.[action as "create"] ?? "")?.[1]);
          return unless(timeout > deadline + grace, `has less time to ${action} than its rollout may take`);
        }),
        ...unless((spec.revision_history_limit ?? 10) <= 5, "keeps old revisions"),
      ];
    }),
    mutants: {
      "no deadline": (platform) => { delete platform.deployment("frontend").spec.progress_deadline_seconds; },
      "not waited for": (platform) => { platform.deployment("frontend").wait_for_rollout = false; },
      "Terraform gives up first": (platform) => { platform.deployment("dask-workers").timeouts = { create: "60s" }; },
      "a long history": (platform) => { delete platform.deployment("redis").spec.revision_history_limit; },
    },
  },
  {
    promise: "no setting replaces a volume that holds what people made",
    check: (platform) => platform.of<Claim>("kubernetes_persistent_volume_claim_v1").flatMap(({ metadata: { name }, lifecycle }) =>
      unless(lifecycle?.ignore_changes?.includes("spec") === true, `${name} is made anew with its spec`)),
    mutants: {
      "another class, another volume": (platform) => {
        const [claim] = platform.of<Claim>("kubernetes_persistent_volume_claim_v1");
        delete claim?.lifecycle;
      },
    },
  },
  {
    promise: "an image is named by a tag or digest that stays put, and is not fetched again",
    check: (platform) => everyPod(platform, (pod) => everyContainer(pod, ({ image, image_pull_policy: pull }) => [
      ...unless(/[^/]:(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$/.test(image), `${image} moves`),
      ...unless(pull === "IfNotPresent", "is fetched again, or never"),
    ])),
    mutants: {
      latest: (platform) => { platform.container("frontend").image = "localhost/porta/frontend:latest"; },
      "no tag": (platform) => { platform.container("frontend").image = "localhost:5000/porta/frontend"; },
      "always pulled": (platform) => { platform.container("frontend").image_pull_policy = "Always"; },
    },
  },
  {
    promise: "scheduler, workers and Jupyter run one image: their environments cannot differ",
    check: (platform) => {
      const images = ["dask-scheduler", "dask-workers", "jupyter-notebook"].map((name) => platform.container(name).image);
      return unless(new Set(images).size === 1, `are ${images.join(", ")}`);
    },
    mutants: {
      "another worker": (platform) => { platform.container("dask-workers").image = "localhost/porta/python:old"; },
    },
  },
];
