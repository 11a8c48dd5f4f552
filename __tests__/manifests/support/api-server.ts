import { isObject } from "../../../tools/manifests/json";

type Fields = Record<string, unknown>;
type Defaulting = (object: Fields) => void;

/**
 * What a Kubernetes 1.34 API server adds to the sample's objects when they are created, beyond what the
 * provider sends: its own defaults, and nothing that differs from one creation to the next.
 */
export function asStored(sent: Fields): Fields {
  const object = structuredClone(sent);
  defaults[object.kind as string]?.(object);
  return object;
}

const defaults: Readonly<Record<string, Defaulting>> = {
  Namespace: ({ metadata }) =>
    add(at(metadata, "labels"), { "kubernetes.io/metadata.name": (metadata as Fields).name }),
  Deployment: ({ spec }) => podSpec(at(spec, "template", "spec")),
  StatefulSet: ({ spec }) => {
    add(spec, { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" } });
    podSpec(at(spec, "template", "spec"));
    for (const claim of (spec as Fields).volumeClaimTemplates as Fields[]) {
      add(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim", status: { phase: "Pending" } });
      add(claim.spec, { volumeMode: "Filesystem" });
    }
  },
  Job: ({ metadata, spec }) => {
    add(metadata, { labels: at(spec, "template", "metadata").labels });
    add(spec, {
      completionMode: "NonIndexed",
      podReplacementPolicy: "TerminatingOrFailed",
      selector: { matchLabels: {} },
      suspend: false,
    });
    podSpec(at(spec, "template", "spec"));
  },
  CronJob: ({ spec }) => podSpec(at(spec, "jobTemplate", "spec", "template", "spec")),
  HorizontalPodAutoscaler: ({ spec }) => {
    const grow = [
      { type: "Pods", value: 4 },
      { type: "Percent", value: 100 },
    ].map((policy) => ({ ...policy, periodSeconds: 15 }));
    Object.assign(at(spec, "behavior"), {
      scaleUp: { policies: grow, selectPolicy: "Max", stabilizationWindowSeconds: 0 },
    });
  },
  PersistentVolumeClaim: ({ spec }) => add(spec, { volumeMode: "Filesystem" }),
  Service: ({ spec }) => {
    const service = spec as Fields;
    add(service, { internalTrafficPolicy: "Cluster", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
    if (service.clusterIP === "None") add(service, { clusterIPs: ["None"] });
    if (service.type === "NodePort") add(service, { externalTrafficPolicy: "Cluster" });
    if (service.sessionAffinity === "ClientIP")
      add(service, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } });
    for (const port of service.ports as Fields[]) add(port, { targetPort: port.port });
  },
};

function podSpec(spec: Fields): void {
  add(spec, { schedulerName: "default-scheduler", securityContext: {} });
  if (spec.serviceAccountName !== undefined) add(spec, { serviceAccount: spec.serviceAccountName });
  for (const container of [...((spec.initContainers ?? []) as Fields[]), ...(spec.containers as Fields[])])
    add(container, { terminationMessagePolicy: "File" });
}

/** Defaults never change what was sent. */
function add(object: unknown, fields: Fields): void {
  Object.assign(object as Fields, { ...fields, ...(object as Fields) });
}

function at(object: unknown, ...path: readonly string[]): Fields {
  return path.reduce((inner, name) => {
    if (!isObject(inner[name])) throw new Error(`no ${path.join(".")}`);
    return inner[name];
  }, object as Fields);
}
