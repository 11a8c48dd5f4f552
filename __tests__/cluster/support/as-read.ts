import type { KubernetesObject } from "../../../tools/manifests/stack";
import { OURS } from "./namespaces";

type Fields = Record<string, unknown>;

const perObject = [
  "uid",
  "creationTimestamp",
  "resourceVersion",
  "generation",
  "managedFields",
  "finalizers",
  "ownerReferences",
];
/** kubectl's own note of what it applied, and what controllers note down. */
const notes =
  /^(kubectl\.kubernetes\.io|deployment\.kubernetes\.io|pv\.kubernetes\.io|volume(\.beta)?\.kubernetes\.io)\//;
const ofOneJob = ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

/**
 * An object as the API server returned it, without what differs from one creation to the next: status, uids, times,
 * and what the cluster allocated, namely addresses, ports that `sent` does not ask for, and a claim's volume.
 */
export function asRead(object: KubernetesObject, sent: KubernetesObject | undefined): KubernetesObject {
  const read = without(structuredClone(object), ["status"]);
  const metadata = without(read.metadata as Fields, perObject);
  const annotations = Object.entries((metadata.annotations ?? {}) as Fields).filter(([key]) => !notes.test(key));
  const kept: Fields = {
    ...read,
    metadata: {
      ...without(metadata, ["annotations"]),
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
  };
  byKind[object.kind]?.(kept as never, sent as never);
  return kept as KubernetesObject;
}

const byKind: Readonly<
  Record<string, (object: { metadata: Fields; spec?: Fields }, sent: { spec: Fields } | undefined) => void>
> = {
  Namespace: (object) => {
    delete object.spec;
    Object.keys(OURS).forEach((name) => forget(object.metadata.labels as Fields, name));
  },
  PersistentVolumeClaim: ({ spec }) => delete spec?.volumeName,
  Service: ({ spec }, sent) => {
    if (spec?.clusterIP !== "None") ["clusterIP", "clusterIPs"].forEach((name) => forget(spec, name));
    forget(spec, "healthCheckNodePort");
    const asked = (sent?.spec.ports ?? []) as Fields[];
    ((spec?.ports ?? []) as Fields[]).forEach((port, index) => asked[index]?.nodePort ?? forget(port, "nodePort"));
  },
  StatefulSet: ({ spec }) =>
    ((spec?.volumeClaimTemplates ?? []) as { metadata: Fields }[]).forEach((claim) =>
      forget(claim.metadata, "creationTimestamp"),
    ),
  Job: (object) => {
    const template = object.spec?.template as { metadata: Fields };
    const selector = object.spec?.selector as Fields;
    for (const [holder, name] of [
      [object.metadata, "labels"],
      [template.metadata, "labels"],
      [selector, "matchLabels"],
    ] as const)
      holder[name] = without((holder[name] ?? {}) as Fields, ofOneJob);
  },
};

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function forget(fields: Fields | undefined, name: string): void {
  if (fields !== undefined) Reflect.deleteProperty(fields, name);
}
