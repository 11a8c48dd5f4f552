import type {
  DeploymentV1SpecTemplateSpecContainerSecurityContext as ContainerSecurity,
  DeploymentV1SpecTemplateSpecSecurityContext as PodSecurity,
} from "@cdktf/provider-kubernetes/lib/deployment-v1";

/** The images' own user. Above 10,000, so that it is nobody on the node. */
const user = "10001";

/** What Pod Security *restricted* asks of a pod, and a user that owns the volumes. */
export const podSecurity: PodSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** What it asks of a container, and a root file system that nobody can write to. */
export const containerSecurity: ContainerSecurity = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};
