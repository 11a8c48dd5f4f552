import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { App, Fn, TerraformStack, TerraformVariable } from "cdktf";

/** A temporary folder with what cdktf itself synthesizes from two stacks, the second of which needs the first. */
export function synthesize(): string {
  const folder = mkdtempSync(join(tmpdir(), "porta-manifests-"));
  const outdir = join(folder, "cdktf.out");
  const app = new App({ outdir });

  const base = new TerraformStack(app, "base");
  new KubernetesProvider(base, "kubernetes", {});
  const namespace = new NamespaceV1(base, "namespace", { metadata: { name: "sedaro" } });
  const password = new TerraformVariable(base, "password", { type: "string", sensitive: true });
  const secret = new SecretV1(base, "secret", {
    metadata: { name: "redis", namespace: namespace.metadata.name },
    data: { password: password.stringValue, line: `user default >${password.stringValue}`, user: "default" },
  });
  new ConfigMapV1(base, "plain", { metadata: { name: "plain", namespace: namespace.metadata.name }, data: { a: "1" } });

  const web = new TerraformStack(app, "web");
  new KubernetesProvider(web, "kubernetes", {});
  const again = new TerraformVariable(web, "password", { type: "string", sensitive: true });
  const replicas = new TerraformVariable(web, "replicas", { type: "number", default: 2 });
  new DeploymentV1(web, "web", {
    metadata: { name: "web", namespace: namespace.metadata.name },
    spec: {
      replicas: Fn.tostring(replicas.numberValue),
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: {
          labels: { app: "web" },
          annotations: {
            "checksum/password": Fn.sha256(again.stringValue),
            "checksum/plain": Fn.sha256(Fn.jsonencode({ a: "1" })),
          },
        },
        spec: {
          container: [
            {
              name: "web",
              image: "web:1",
              env: [{ name: "P", valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "password" } } }],
            },
          ],
        },
      },
    },
  });
  app.synth();
  return folder;
}
