import type { DeploymentV1SpecTemplateSpecContainer as Container } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Resources } from "../config/config";
import { printCpu, printMemory } from "../config/quantity";
import type { Mount } from "./mounts";
import type { Probes } from "./probes";
import { containerSecurity } from "./security";

export interface ContainerProps {
  readonly name: string;
  readonly image: string;
  /** Instead of the image's entry point. @default the image's */
  readonly command?: readonly string[];
  /** After the entry point. @default the image's */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  readonly probes: Probes;
  readonly mounts: readonly Mount[];
  readonly resources: Resources;
  /** Runs to its end, within the grace, before the container is told to go. @default none */
  readonly preStop?: readonly string[];
}

/** Mebibytes of the node's disk for a container's logs. */
const logs = 64;

/** A container as all of ours are. */
export function container(props: ContainerProps): Container {
  const { name, image, command, args, env, ports, probes, mounts, resources, preStop } = props;
  const disk = mounts.reduce((sum, mount) => sum + mount.scratch, logs);
  return {
    name,
    image,
    // Tags do not move (the configuration sees to it), so an image that is there is the right one.
    imagePullPolicy: "IfNotPresent",
    ...(command ? { command: [...command] } : {}),
    ...(args ? { args: [...args] } : {}),
    // Arguments may speak of $(POD_NAME), which must be known by then.
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ],
    port: Object.entries(ports).map(([key, containerPort]) => ({ name: key, containerPort, protocol: "TCP" })),
    startupProbe: probes.startup,
    livenessProbe: probes.liveness,
    readinessProbe: probes.readiness,
    ...(preStop ? { lifecycle: { preStop: [{ exec: { command: [...preStop] } }] } } : {}),
    resources: {
      requests: {
        cpu: printCpu(resources.cpu.request), memory: printMemory(resources.memory.request), "ephemeral-storage": printMemory(logs),
      },
      limits: {
        cpu: printCpu(resources.cpu.limit), memory: printMemory(resources.memory.limit), "ephemeral-storage": printMemory(disk),
      },
    },
    securityContext: containerSecurity,
    // What went wrong last stands in the pod's status, for `npm run deploy` to read out.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMount: mounts.map(({ volume, path, readOnly }) => ({ name: volume.name, mountPath: path, readOnly })),
  };
}
