import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "./platform";

/** A declared container, as a process of this machine: what it would run, with its files below a folder and on other ports. */
export interface LocalCommand {
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Where a path of the container is on this machine. */
  readonly path: (inside: string) => string;
  readonly probe: string[];
}

export interface Surroundings {
  readonly directory: string;
  /** The values of the secrets. */
  readonly values: Readonly<Record<string, string>>;
  /** What to write instead of texts such as ports and host names; the longest first. */
  readonly instead: Readonly<Record<string, string>>;
}

/** Lays out a pod's mounts as Kubernetes would, Secrets filled in as Terraform would, and rewrites its words accordingly. */
export function asLocal(platform: Platform, name: string, { directory, values, instead }: Surroundings): LocalCommand {
  const pod = platform.pod(name);
  const container = platform.container(name);
  const mounts = container.volume_mount.map(({ name: volume, mount_path: inside }) => {
    const outside = join(directory, name, inside);
    mkdirSync(outside, { recursive: true });
    const secret = pod.volume.find((one) => one.name === volume)?.secret?.secret_name;
    const data = secret === undefined ? {} : platform.secret(secret).data;
    for (const [file, text] of Object.entries(data)) writeFileSync(join(outside, file), fill(text, values), { mode: 0o600 });
    return [inside, outside] as const;
  });
  const path = (inside: string): string => {
    const [from, to] = mounts.find(([mount]) => inside === mount || inside.startsWith(`${mount}/`)) ?? ["", ""];
    return to + inside.slice(from.length);
  };
  const replacements = Object.entries(instead).sort(([one], [other]) => other.length - one.length);
  const here = (text: string): string => {
    const moved = text.replaceAll(/\/(?:run\/porta\/\w+|tmp)(?=[/)\s]|$)/g, (inside) => path(inside));
    return replacements.reduce((words, [from, to]) => words.replaceAll(from, to), moved);
  };
  const env = { POD_NAME: `${name}-0`, ...Object.fromEntries(container.env.flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, here(value)]]))) };
  return {
    args: [...(container.command ?? []), ...(container.args ?? [])].map((word) => here(word).replace("$(POD_NAME)", env.POD_NAME)),
    env,
    path,
    probe: (container.liveness_probe?.exec?.command ?? []).map(here),
  };
}

/** Terraform's part: variables, and their hashes. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text
    .replaceAll(/\$\{sha256\(var\.(\w+)\)\}/g, (_, name: string) => createHash("sha256").update(values[name] ?? "").digest("hex"))
    .replaceAll(/\$\{var\.(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
