import type { JsonObject } from "../../../tools/manifests/json";

/** A resource as Terraform has it, and the object that the provider makes of it, beyond apiVersion and kind. */
export interface Case {
  readonly title: string;
  readonly type: string;
  readonly given: JsonObject;
  readonly made: JsonObject;
}

export const metadata = { name: "it", namespace: "there" };

/** What a pod's spec is sent with, whatever is left unset. */
export const podDefaults = {
  automountServiceAccountToken: true,
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  restartPolicy: "Always",
  shareProcessNamespace: false,
  terminationGracePeriodSeconds: 30,
};
export const containerDefaults = { resources: {}, terminationMessagePath: "/dev/termination-log" };

export function podCase(title: string, spec: JsonObject, made: JsonObject): Case {
  return {
    title,
    type: "kubernetes_pod_v1",
    given: { metadata, spec },
    made: { metadata, spec: { ...podDefaults, ...made } },
  };
}

export function containerCase(title: string, given: JsonObject, made: JsonObject): Case {
  return podCase(
    title,
    { container: [{ name: "c", ...given }] },
    { containers: [{ ...containerDefaults, name: "c", ...made }] },
  );
}
