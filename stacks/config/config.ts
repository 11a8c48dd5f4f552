import { delimiter, resolve } from "node:path";
import type { ValueOf } from "./variable";
import { type VariableName, variables } from "./variables";

type Values = { readonly [K in VariableName]: ValueOf<(typeof variables)[K]> };

/** Millicores and mebibytes: what the scheduler sets aside, and where the kernel draws the line. */
export interface Resources {
  readonly cpu: { readonly request: number; readonly limit: number };
  readonly memory: { readonly request: number; readonly limit: number };
}

/** How a Service is reached from outside. `nodePort` null: the cluster picks one. */
export interface Exposure {
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly nodePort: number | null;
}

/** The most that one may ask for: steps of a run, runs of an ensemble, steps of all these runs together. */
export interface Limits {
  readonly maxSteps: number;
  readonly maxRuns: number;
  readonly maxEnsembleSteps: number;
}

/** Everything that one may choose about a deployment, checked. Memory and storage in mebibytes. */
export interface Config {
  readonly cluster: { readonly kubeconfig: readonly string[]; readonly context: string | null };
  readonly namespace: string;
  readonly limits: Limits;
  readonly rolloutSeconds: number;
  readonly frontend: Role & { readonly replicas: number; readonly exposure: Exposure };
  readonly scheduler: Role;
  readonly worker: Role & { readonly replicas: number };
  readonly jupyter: Role & { readonly exposure: Exposure; readonly storage: number; readonly storageClass: string | null };
  readonly redis: Role & { readonly maxmemory: number };
}

interface Role {
  readonly image: string;
  readonly resources: Resources;
}

/** The environment holds what it must not. Its message names every such variable, its value, and what is allowed. */
export class ConfigError extends Error {
  constructor(readonly findings: readonly string[]) {
    super(`The configuration is not valid:\n${findings.map((finding) => `  ${finding}\n`).join("")}` +
      "Set it in the environment or in .env; every variable stands in the README's table.");
    this.name = "ConfigError";
  }
}

/**
 * Reads and checks the configuration. An empty variable counts as unset.
 * @throws ConfigError with all findings at once
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const findings: string[] = [];
  const values = Object.fromEntries(Object.entries(variables).map(([name, { default: preset, allowed, parse }]) => {
    const text = env[name] || preset;
    const value = parse(text);
    if (value === undefined) findings.push(`${name}=${JSON.stringify(shorten(text))} is not allowed: ${allowed}`);
    return [name, value];
  })) as unknown as Values;
  if (findings.length === 0) findings.push(...contradictions(values));
  if (findings.length > 0) throw new ConfigError(findings);
  return assemble(values);
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}

/** What each variable allows by itself, but not together. */
function contradictions(values: Values): string[] {
  const findings: string[] = [];
  for (const role of ["FRONTEND", "SCHEDULER", "WORKER", "JUPYTER", "REDIS"] as const) {
    const kinds = role === "REDIS" ? (["CPU"] as const) : (["CPU", "MEMORY"] as const);
    for (const kind of kinds) {
      const [request, limit] = [`${role}_${kind}_REQUEST`, `${role}_${kind}_LIMIT`] as [VariableName, VariableName];
      if (Number(values[request]) > Number(values[limit])) {
        findings.push(`${request} is more than ${limit}: reserve at most what may be used`);
      }
    }
  }
  for (const service of ["FRONTEND", "JUPYTER"] as const) {
    const [type, port] = [values[`${service}_SERVICE_TYPE`], values[`${service}_NODE_PORT`]];
    if (port !== null && type === "ClusterIP") {
      findings.push(`${service}_NODE_PORT=${port} needs ${service}_SERVICE_TYPE NodePort or LoadBalancer; it is ClusterIP`);
    }
  }
  if (values.FRONTEND_NODE_PORT !== null && values.FRONTEND_NODE_PORT === values.JUPYTER_NODE_PORT) {
    findings.push(`FRONTEND_NODE_PORT and JUPYTER_NODE_PORT are both ${values.FRONTEND_NODE_PORT}: take two ports`);
  }
  return findings;
}

function assemble(values: Values): Config {
  const resources = (role: "FRONTEND" | "SCHEDULER" | "WORKER" | "JUPYTER"): Resources => ({
    cpu: { request: values[`${role}_CPU_REQUEST`], limit: values[`${role}_CPU_LIMIT`] },
    memory: { request: values[`${role}_MEMORY_REQUEST`], limit: values[`${role}_MEMORY_LIMIT`] },
  });
  // Beside its keys Redis needs room for buffers and fragmentation; a pod that cannot be squeezed reserves its limit.
  const redisMemory = Math.ceil(values.REDIS_MAXMEMORY * 1.25) + 64;
  return {
    cluster: {
      // Terraform runs in folders of its own, and knows ~ itself.
      kubeconfig: values.KUBECONFIG.split(delimiter).filter(Boolean).map((path) => (path.startsWith("~") ? path : resolve(path))),
      context: values.KUBE_CONTEXT,
    },
    namespace: values.NAMESPACE,
    limits: { maxSteps: values.MAX_STEPS, maxRuns: values.MAX_RUNS, maxEnsembleSteps: values.MAX_ENSEMBLE_STEPS },
    rolloutSeconds: values.ROLLOUT_SECONDS,
    frontend: {
      image: values.FRONTEND_IMAGE,
      resources: resources("FRONTEND"),
      replicas: values.FRONTENDS,
      exposure: { type: values.FRONTEND_SERVICE_TYPE, nodePort: values.FRONTEND_NODE_PORT },
    },
    scheduler: { image: values.PYTHON_IMAGE, resources: resources("SCHEDULER") },
    worker: { image: values.PYTHON_IMAGE, resources: resources("WORKER"), replicas: values.WORKERS },
    jupyter: {
      image: values.PYTHON_IMAGE,
      resources: resources("JUPYTER"),
      exposure: { type: values.JUPYTER_SERVICE_TYPE, nodePort: values.JUPYTER_NODE_PORT },
      storage: values.JUPYTER_STORAGE,
      storageClass: values.STORAGE_CLASS,
    },
    redis: {
      image: values.REDIS_IMAGE,
      maxmemory: values.REDIS_MAXMEMORY,
      resources: {
        cpu: { request: values.REDIS_CPU_REQUEST, limit: values.REDIS_CPU_LIMIT },
        memory: { request: redisMemory, limit: redisMemory },
      },
    },
  };
}
