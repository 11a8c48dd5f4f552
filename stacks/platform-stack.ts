import { createHash } from "node:crypto";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { Config } from "./config/config";
import type { Refer, SecretSpec } from "./secrets";

/**
 * A stack of the platform: it speaks to the configured cluster, and goes up after the stacks whose constructs it borrows (what
 * passes between stacks are literals, which order nothing by themselves).
 */
export abstract class PlatformStack extends TerraformStack {
  readonly #values = new Map<string, TerraformVariable>();

  /** Secrets' values, as expressions: Terraform alone puts them in. */
  protected readonly refer: Refer = {
    value: (name) => this.#value(name).stringValue,
    sha256: (name) => Fn.sha256(this.#value(name).stringValue),
  };

  protected constructor(scope: Construct, id: string, { cluster }: Config, borrowed: readonly Construct[] = []) {
    super(scope, id);
    const [path, ...more] = cluster.kubeconfig;
    new KubernetesProvider(this, "kubernetes", {
      ...(more.length > 0 || path === undefined ? { configPaths: [...cluster.kubeconfig] } : { configPath: path }),
      ...(cluster.context === null ? {} : { configContext: cluster.context }),
    });
    borrowed.forEach((construct) => this.addDependency(TerraformStack.of(construct)));
  }

  /**
   * Annotations for pods that use these secrets: a changed value, or another way to write it down, is another pod template,
   * so that the pods are replaced.
   */
  protected checksums(...secrets: readonly SecretSpec[]): Record<string, string> {
    const names: Refer = { value: (name) => name, sha256: (name) => name };
    return Object.fromEntries(secrets.flatMap(({ name, values, files }) => [
      [`checksum/${name}`, sha256(JSON.stringify(Object.entries(files).map(([file, text]) => [file, text(names)])))],
      ...values.map((value) => [`checksum/${value}`, this.refer.sha256(value)]),
    ]));
  }

  #value(name: string): TerraformVariable {
    const known = this.#values.get(name);
    if (known) return known;
    const made = new TerraformVariable(this, name, {
      type: "string",
      sensitive: true,
      nullable: false,
      description: "A secret: `npm run deploy` makes it.",
    });
    this.#values.set(name, made);
    return made;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
