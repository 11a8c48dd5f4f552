import type {
  DeploymentV1SpecTemplateSpecContainerLivenessProbe as Probe,
} from "@cdktf/provider-kubernetes/lib/deployment-v1";

/** How long to wait, and how often to look. In seconds. */
export interface Patience {
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
}

export interface Probes {
  /** Until it first succeeds, the others wait. */
  readonly startup: Probe;
  /** Fails: the container is restarted. It asks the process itself, never what the process depends on. */
  readonly liveness: Probe;
  /** Fails: no Service sends anything here. */
  readonly readiness: Probe;
}

const often: Patience = { period: 2, timeout: 5, failures: 60 };

/** A process under load answers late: only one that was silent for two minutes is dead. */
const slowly: Patience = { period: 20, timeout: 10, failures: 6 };

const soon: Patience = { period: 5, timeout: 5, failures: 2 };

/** Asks over HTTP, on ports by name. One address tells whether it lives, one whether it can serve. */
export function httpProbes(live: { port: string; path: string }, ready: { port: string; path: string } = live): Probes {
  const get = ({ port, path }: { port: string; path: string }, patience: Patience): Probe => ({
    httpGet: { path, port }, ...timing(patience),
  });
  return { startup: get(live, often), liveness: get(live, slowly), readiness: get(ready, soon) };
}

/** Runs a command in the container. */
export function execProbes(command: readonly string[]): Probes {
  const run = (patience: Patience): Probe => ({ exec: { command: [...command] }, ...timing(patience) });
  return { startup: run(often), liveness: run(slowly), readiness: run(soon) };
}

function timing({ period, timeout, failures }: Patience): Probe {
  return { periodSeconds: period, timeoutSeconds: timeout, failureThreshold: failures };
}
