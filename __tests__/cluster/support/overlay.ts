import { createHash } from "node:crypto";
import type { InNamespace } from "./in-namespace";
import type { Role } from "./platform";

/** A file of an image that a role's pods see changed. */
export interface Overlay {
  readonly role: Role;
  readonly path: string;
  readonly text: string;
}

/**
 * Lets the pods of a role see another file in an image's place, from a ConfigMap. To them it is another image, and rolled out like one,
 * but nothing has to be built and brought to the nodes.
 */
export async function lay(cluster: InNamespace, { role, path, text }: Overlay): Promise<void> {
  const [name, file] = [nameOf({ role, path }), path.slice(path.lastIndexOf("/") + 1)];
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { [file]: text } };
  await cluster.run(["apply", "--server-side", "--filename", "-"], JSON.stringify(map));
  await patch(cluster, role, {
    volumes: [{ name, configMap: { name, defaultMode: 0o555 } }],
    containers: [{ name: role, volumeMounts: [{ name, mountPath: path, subPath: file, readOnly: true }] }],
  });
}

/** Undoes it. */
export async function lift(cluster: InNamespace, { role, path }: Pick<Overlay, "role" | "path">): Promise<void> {
  await patch(cluster, role, {
    volumes: [{ name: nameOf({ role, path }), $patch: "delete" }],
    containers: [{ name: role, volumeMounts: [{ mountPath: path, $patch: "delete" }] }],
  });
}

function nameOf({ role, path }: Pick<Overlay, "role" | "path">): string {
  return `overlay-${role}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}

function patch(cluster: InNamespace, role: Role, spec: object): Promise<string> {
  return cluster.run(["patch", `deployment/${role}`, "--patch", JSON.stringify({ spec: { template: { spec } } })]);
}
