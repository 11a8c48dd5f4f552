import type { InNamespace } from "./in-namespace";

/** A packet that a policy drops is never answered; one that is let through is, even on a machine that is busy. */
const PATIENCE_S = 8;

/** Every image has bash: it opens connections without another program. */
const SCRIPT = `for target in "$@"; do
  (timeout ${PATIENCE_S} bash -c "exec 3<>/dev/tcp/\${target/://}" 2>/dev/null && echo "$target") &
done
wait`;

/** Which of the targets, as address:port, a pod can open a connection to. All at once; those that are silent a second time. */
export async function reach(cluster: InNamespace, pod: string, targets: readonly string[]): Promise<string[]> {
  const attempt = async (some: readonly string[]): Promise<string[]> =>
    (await cluster.exec(pod, ["bash", "-c", SCRIPT, "reach", ...some])).split("\n").filter(Boolean);
  const reached = await attempt(targets);
  return [...reached, ...(await attempt(targets.filter((target) => !reached.includes(target))))];
}
