import { spawnSync } from "node:child_process";

/** Long enough for a namespace with running pods to go; kubectl itself gives up before. */
const PATIENCE_MS = 300_000;

/** What kubectl prints, given `input`; an error with all that it said where it fails. */
export function kubectl(args: readonly string[], input?: string): string {
  const result = tryKubectl(args, input);
  if (result.status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}

export function tryKubectl(
  args: readonly string[],
  input?: string,
): { status: number | null; stdout: string; stderr: string } {
  if (process.env.KUBECONFIG === undefined)
    throw new Error(
      "Tests on a cluster need one: set KUBECONFIG to the kubeconfig of a cluster that may be written to.",
    );
  const { status, stdout, stderr, error } = spawnSync("kubectl", args, {
    encoding: "utf8",
    input,
    maxBuffer: 1 << 28,
    timeout: PATIENCE_MS,
  });
  if (error !== undefined) throw new Error(`kubectl ${args.join(" ")}: ${error.message}`);
  return { status, stdout, stderr };
}

export function kubectlJson(args: readonly string[]): unknown {
  return JSON.parse(kubectl([...args, "-o", "json"]));
}
