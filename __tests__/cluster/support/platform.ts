import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../../scripts/paths.mjs";
import { until } from "../../../scripts/process/wait.mjs";
import { ensureSecrets } from "../../../scripts/deploy/secrets";
import { reasons } from "../../../scripts/deploy/waiting";
import { InNamespace } from "./in-namespace";
import { namespaces, OURS } from "./namespaces";
import { isReady, type List, type Pod } from "./pods";

/** An image that is not there, a pod that finds no place: the reasons are printed long before. */
const READY_MS = 480_000;

export type Role = "frontend" | "redis" | "dask-scheduler" | "dask-workers" | "jupyter-notebook";

/**
 * The platform on the cluster that KUBECONFIG names, as `npm run manifests` renders it, in a namespace of its own, with the images
 * that `npm run images` has built last.
 */
export class Platform {
  readonly cluster: InNamespace;
  readonly #folder = mkdtempSync(join(tmpdir(), "porta-cluster-"));
  #manifests = "";
  #secrets: Readonly<Record<string, string>> = {};

  constructor(readonly namespace = namespaces.platform) {
    this.cluster = new InNamespace(namespace);
  }

  /** Renders, applies and waits. */
  async up(): Promise<void> {
    await this.#remove();
    this.#manifests = await this.render();
    await this.cluster.run(["apply", "--filename", this.#manifests]);
    await this.cluster.run(["label", "namespace", this.namespace, ...Object.entries(OURS).map(([name, value]) => `${name}=${value}`)]);
    await this.ready();
  }

  /** Takes down what was put up, as somebody would who has nothing but the manifests: the last file first. */
  async delete(): Promise<void> {
    this.cluster.endForwards();
    const files = readdirSync(this.#manifests).filter((name) => name.endsWith(".yaml")).sort().reverse();
    for (const file of files) await this.cluster.run(["delete", "--filename", join(this.#manifests, file), "--timeout", "200s"]);
  }

  /** Everything goes, and is gone when this ends. */
  async down(): Promise<void> {
    this.cluster.endForwards();
    await this.#remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Value of a secret, by the name of its Terraform variable. */
  secret(name: string): string {
    const value = this.#secrets[name];
    if (value === undefined) throw new Error(`There is no secret ${name}.`);
    return value;
  }

  /** A folder of manifests, secrets included. */
  async render(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const [synth, manifests, secrets] = ["synth", "manifests", "secrets.json"].map((name) => join(this.#folder, name)) as [string, string, string];
    this.#secrets = (await ensureSecrets(secrets, { passwords: false, certificates: false })).values;
    const tsx = (args: string[]): Promise<unknown> => promisify(execFile)(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), ...args], {
      cwd: root, env: { ...process.env, NAMESPACE: this.namespace, CDKTF_OUTDIR: synth, ...env },
    });
    await tsx(["main.ts"]);
    await tsx(["tools/manifests/main.ts", "--synth", synth, "--out", manifests, "--secrets", secrets]);
    return manifests;
  }

  async pods(role?: Role): Promise<Pod[]> {
    const selector = ["app.kubernetes.io/part-of=porta", ...(role ? [`app.kubernetes.io/name=${role}`] : [])].join(",");
    const { items } = await this.cluster.json<List<Pod>>(["get", "pods", "--selector", selector]);
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** A pod of the role that is ready. */
  async pod(role: Role): Promise<Pod> {
    const pod = (await this.pods(role)).find(isReady);
    if (pod === undefined) throw new Error(`No pod of ${role} is ready.`);
    return pod;
  }

  /** Waits until every Deployment has all its pods, and they are ready; says what they wait for. */
  async ready(): Promise<void> {
    const said = new Set<string>();
    await until(async () => {
      const { items } = await this.cluster.json<List<Deployment>>(["get", "deployments"]);
      const pods = await this.pods();
      for (const line of reasons(pods)) {
        if (!said.has(line)) console.error(`waiting: ${line}`);
        said.add(line);
      }
      const waiting = items.filter(({ metadata, spec, status }) =>
        status.observedGeneration !== metadata.generation || status.updatedReplicas !== spec.replicas ||
        status.readyReplicas !== spec.replicas || status.replicas !== spec.replicas);
      if (items.length === 0 || waiting.length > 0)
        throw new Error(`${waiting.map(({ metadata: { name } }) => name).join(", ") || "no Deployment"} not ready. ${[...said].join("\n")}`);
      return true;
    }, { what: `every pod in ${this.namespace} ready`, timeout: READY_MS });
  }

  /** Where a browser outside finds the page: on a node that has a frontend, at the Service's node port. */
  async address(): Promise<string> {
    const service = await this.cluster.json<{ spec: { ports: { nodePort: number }[] } }>(["get", "service", "frontend"]);
    return `http://${(await this.pod("frontend")).status.hostIP}:${service.spec.ports[0]?.nodePort}`;
  }

  async #remove(): Promise<void> {
    await this.cluster.run(["delete", "namespace", this.namespace, "--ignore-not-found", "--timeout", "200s"]);
  }
}

interface Deployment {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
  };
}
