import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { App } from "cdktf";
import type { Config } from "./config/config";
import { Budget } from "./constructs/budget";
import { NetworkPolicies } from "./constructs/network-policies";
import { edges } from "./edges";
import { PlatformStack } from "./platform-stack";
import { roles } from "./roles";
import { secrets } from "./secrets";

/** The ground everything stands on: who may run here, how much, who may speak to whom, and what they need to know. */
export class NamespaceStack extends PlatformStack {
  /** The namespace's name, for the other stacks. */
  readonly name: string;

  constructor(scope: App, config: Config) {
    super(scope, "namespace", config);
    this.name = config.namespace;
    const { metadata } = new NamespaceV1(this, "namespace", {
      metadata: {
        name: config.namespace,
        labels: {
          "app.kubernetes.io/part-of": "porta",
          ...Object.fromEntries(["enforce", "audit", "warn"].flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, "restricted"],
            [`pod-security.kubernetes.io/${mode}-version`, "latest"],
          ])),
        },
      },
    });
    // Within this stack the name is a reference: Terraform makes the namespace first.
    const namespace = metadata.name;
    new NetworkPolicies(this, "network", { namespace, roles: Object.values(roles), edges: edges(config) });
    new Budget(this, "budget", { namespace, config });
    for (const { name, type, files } of secrets) {
      new SecretV1(this, name, {
        metadata: { name, namespace },
        type,
        data: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text(this.refer)])),
      });
    }
  }
}
