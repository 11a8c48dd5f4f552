import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { Construct } from "constructs";
import type { Resources } from "../config/config";
import type { Role } from "../roles";
import { container, type ContainerProps } from "./container";
import { podSecurity } from "./security";

export interface WorkloadProps extends Omit<ContainerProps, "name" | "ports"> {
  readonly namespace: string;
  readonly role: Role;
  readonly resources: Resources;
  /** @default 1 */
  readonly replicas?: number;
  /**
   * How new pods take over. "before": a new one is ready before an old one goes; "after": one old one at a time goes first;
   * "alone": never two of them.
   */
  readonly takeover: "before" | "after" | "alone";
  /** Annotations that change with what the pods read at start. */
  readonly checksums: Readonly<Record<string, string>>;
  /** From the word to go until the pod is killed: longer than its longest work in flight. */
  readonly graceSeconds: number;
  /** Without progress for so long, a rollout has failed. */
  readonly rolloutSeconds: number;
}

/** A Deployment as all of ours are: restricted, bounded, probed, spread, and gone gracefully. */
export class Workload extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { namespace, role, replicas = 1, takeover, checksums, graceSeconds, rolloutSeconds, mounts } = props;
    const metadata = { name: role.name, namespace, labels: { ...role.labels } };
    const selector = { matchLabels: { ...role.labels } };
    // Long enough for every pod in turn; the progress deadline ends a rollout that stands still much earlier.
    const timeout = `${rolloutSeconds + replicas * graceSeconds + 60}s`;
    new DeploymentV1(this, "deployment", {
      metadata,
      waitForRollout: true,
      timeouts: { create: timeout, update: timeout, delete: timeout },
      spec: {
        replicas: String(replicas),
        revisionHistoryLimit: 3,
        progressDeadlineSeconds: rolloutSeconds,
        selector,
        strategy: strategies[takeover],
        template: {
          metadata: { labels: { ...role.labels }, annotations: { ...checksums } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: graceSeconds,
            securityContext: podSecurity,
            topologySpreadConstraint: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
              maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector: [selector],
            })),
            container: [container({ ...props, name: role.name, ports: role.ports })],
            volume: mounts.map(({ volume }) => volume),
          },
        },
      },
    });
    // Of a single pod, a budget would only block the drain of its node.
    if (replicas > 1) {
      new PodDisruptionBudgetV1(this, "budget", { metadata, spec: { maxUnavailable: "1", selector } });
    }
  }
}

const strategies = {
  before: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
  after: { type: "RollingUpdate", rollingUpdate: { maxSurge: "0", maxUnavailable: "1" } },
  alone: { type: "Recreate" },
};
