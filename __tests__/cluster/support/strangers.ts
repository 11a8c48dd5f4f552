import { environment } from "../../../stacks/config/environment";
import { readConfig } from "../../../stacks/config/config";
import { root } from "../../../scripts/paths.mjs";
import { InNamespace } from "./in-namespace";

/** A pod that is no part of the platform, from the same image as its pods, since that one is on every node. It listens on 8000. */
export async function stranger(cluster: InNamespace, name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{
        name,
        image: readConfig(environment(root)).worker.image,
        command: ["python3", "-IS", "-m", "http.server", String(STRANGER_PORT)],
        workingDir: "/run",
        readinessProbe: { tcpSocket: { port: STRANGER_PORT }, periodSeconds: 1 },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
      }],
    },
  };
  await cluster.run(["apply", "--filename", "-"], JSON.stringify(pod));
  await cluster.run(["wait", "--for=condition=Ready", `pod/${name}`, "--timeout=120s"]);
}

export const STRANGER_PORT = 8000;
