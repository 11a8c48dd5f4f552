import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { delimiter } from "node:path";
import { promisify } from "node:util";
import type { Config } from "../../stacks/config/config";

/** The little of a pod that tells why it is not ready. */
interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly startTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly state: {
        readonly running?: { readonly startedAt: string };
        readonly waiting?: { readonly reason?: string; readonly message?: string };
        readonly terminated?: { readonly reason?: string; readonly message?: string };
      };
      readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

/** What every pod goes through, and few for long. */
const usual = new Set(["ContainerCreating", "PodInitializing", "Completed"]);

/** What is on its way for so many milliseconds waits for something. */
const long = 60_000;

/** One line for each pod that waits for something which may not come by itself: an image, a place, a better command line. */
export function reasons(pods: readonly Pod[], now = new Date()): string[] {
  const since = (time: string): boolean => now.getTime() - Date.parse(time) > long;
  return pods.flatMap(({ metadata: { name, namespace, deletionTimestamp }, status }) => {
    if (deletionTimestamp !== undefined) return []; // one of the last kind: nobody waits for it
    const place = status.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
    if (place) return [`${name} has no place yet: ${place.message ?? place.reason ?? "unknown"}`];
    return (status.containerStatuses ?? []).flatMap(({ ready, state: { running, waiting, terminated }, lastState }) => {
      if (!ready && running && since(running.startedAt)) {
        return [`${name} runs and is not ready: kubectl -n ${namespace} logs ${name} may say why`];
      }
      const state = waiting ?? terminated;
      if (ready || state?.reason === undefined) return [];
      if (usual.has(state.reason)) {
        const slow = waiting !== undefined && status.startTime !== undefined && since(status.startTime);
        return slow ? [`${name} waits for its image, a secret or its volume: kubectl -n ${namespace} describe pod ${name} says which`] : [];
      }
      const words = [state.message, lastState?.terminated?.message].map((message) => lastLines(message)).filter(Boolean);
      return [`${name}: ${[state.reason, ...words].join(": ")}`];
    });
  });
}

function lastLines(message = ""): string {
  return message.trim().split("\n").slice(-3).join(" / ").slice(-400);
}

/**
 * Says, once each, what pods wait for, until the returned function is called. Terraform waits for a rollout without a word.
 * Without kubectl, or before there is a namespace, it is silent.
 */
export function sayWhatPodsWaitFor({ cluster, namespace }: Config, say: (line: string) => void): () => void {
  const said = new Set<string>();
  const args = [
    ...(cluster.context === null ? [] : ["--context", cluster.context]),
    "--namespace", namespace, "get", "pods", "--output", "json", "--request-timeout", "5s",
  ];
  const KUBECONFIG = cluster.kubeconfig.map((path) => path.replace(/^~(?=\/)/, homedir())).join(delimiter);
  const options = { maxBuffer: 64 * 1024 * 1024, timeout: 10_000, env: { ...process.env, KUBECONFIG } };
  const look = async (): Promise<void> => {
    const { stdout } = await promisify(execFile)("kubectl", args, options);
    for (const line of reasons((JSON.parse(stdout) as { items: Pod[] }).items)) {
      if (!said.has(line)) say(line);
      said.add(line);
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), 5_000);
  return () => clearInterval(timer);
}
