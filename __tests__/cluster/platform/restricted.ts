import type { Platform } from "../support/platform";
import { isReady } from "../support/pods";

/** What is declared runs, and what is more than *restricted* does not. */
export function restricted(platform: Platform): void {
  test("every pod is ready under it: two frontends, three workers, one scheduler, one Redis, one JupyterLab", async () => {
    const pods = await platform.pods();
    expect(pods.filter(isReady).map(({ metadata }) => metadata.name.replace(/-[^-]+-[^-]+$/, "")).sort()).toEqual([
      "dask-scheduler", "dask-workers", "dask-workers", "dask-workers", "frontend", "frontend", "jupyter-notebook", "redis",
    ]);
    expect(pods).toHaveLength(8);
  });

  test("nothing had to be started twice until then, in whatever order pods came up", async () => {
    const again = (await platform.pods()).filter(({ status }) => status.containerStatuses?.some(({ restartCount }) => restartCount > 0));
    const said = again.map(async ({ metadata: { name } }) => `${name}:\n${await platform.cluster.run(["logs", name, "--previous", "--tail=40"])}`);
    expect(await Promise.all(said)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ["privileged", {}, { privileged: true, allowPrivilegeEscalation: true }],
    ["as root", { runAsNonRoot: false, runAsUser: 0 }, {}],
    ["with a capability", {}, { capabilities: { drop: ["ALL"], add: ["NET_RAW"] } }],
    ["on the host's network", { hostNetwork: true }, {}],
  ])("a pod that wants to run %s is refused", async (_, pod, container) => {
    const { hostNetwork, ...security } = pod as { hostNetwork?: boolean };
    const wanted = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "refused" },
      spec: {
        ...(hostNetwork === undefined ? {} : { hostNetwork }),
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" }, ...security },
        containers: [{ name: "refused", image: "none", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, ...container } }],
      },
    };
    await expect(platform.cluster.run(["apply", "--dry-run=server", "--filename", "-"], JSON.stringify(wanted)))
      .rejects.toThrow(/violates PodSecurity "restricted:latest"/);
  });

  test("a pod that keeps to it may come: the refusals are not the quota's", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "allowed" },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
        containers: [{ name: "allowed", image: "none", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } }],
      },
    };
    await platform.cluster.run(["apply", "--dry-run=server", "--filename", "-"], JSON.stringify(pod));
  });
}
