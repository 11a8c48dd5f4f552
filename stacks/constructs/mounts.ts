import type { DeploymentV1SpecTemplateSpecVolume as Volume } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { printMemory } from "../config/quantity";
import type { SecretSpec } from "../secrets";

/** A volume and the one place where a container sees it. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  readonly volume: Volume & { readonly name: string };
  /** Mebibytes of the node's disk that it may take. */
  readonly scratch: number;
}

/** A writable folder that ends with its pod, bounded: a pod that writes more is evicted. `size` in mebibytes. */
export function scratch(name: string, path: string, size: number): Mount {
  return { path, readOnly: false, volume: { name, emptyDir: { sizeLimit: printMemory(size) } }, scratch: size };
}

/** A secret's files under `path`, readable by the pod's group. */
export function files(secret: SecretSpec, path: string): Mount {
  const volume = { name: secret.name, secret: { secretName: secret.name, defaultMode: "0440" } };
  return { path, readOnly: true, volume, scratch: 0 };
}

/** A claimed volume, which outlives its pods. */
export function claimed(claim: string, name: string, path: string): Mount {
  return { path, readOnly: false, volume: { name, persistentVolumeClaim: { claimName: claim } }, scratch: 0 };
}
