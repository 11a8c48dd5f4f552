import { readConfig } from "../../stacks/config/config";
import { environment } from "../../stacks/config/environment";
import { root } from "../../scripts/paths.mjs";
import { until } from "../support";
import { kubectl, kubectlJson, tryKubectl } from "./support/kubectl";
import { namespaces, OURS } from "./support/namespaces";

/** Images that have just been loaded are unpacked by the first pod. */
const START_MS = 300_000;

const NAMESPACE = namespaces.images;
const config = readConfig(environment(root));
const images = { frontend: config.frontend.image, python: config.worker.image };

/** A pod as Pod Security *restricted* demands, under a read-only root, that runs until it is deleted. */
const pod = (name: string, image: string, args: readonly string[], mounts: readonly string[]): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: NAMESPACE },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name,
        image,
        imagePullPolicy: "IfNotPresent",
        args,
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        volumeMounts: mounts.map((mountPath, index) => ({ name: `scratch-${index}`, mountPath })),
      },
    ],
    volumes: mounts.map((_, index) => ({ name: `scratch-${index}`, emptyDir: {} })),
  },
});

function exec(name: string, script: string): { status: number | null; stdout: string; stderr: string } {
  return tryKubectl(["exec", "-n", NAMESPACE, name, "--", "sh", "-c", script]);
}

function remove(): void {
  kubectl(["delete", "namespace", NAMESPACE, "--ignore-not-found"]);
}

beforeAll(() => {
  remove();
  const labels = { ...OURS, "pod-security.kubernetes.io/enforce": "restricted" };
  const forever = ["sleep", "86400"];
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } },
    pod("python", images.python, forever, ["/tmp", "/run/porta/numba"]),
    pod("unmounted", images.python, forever, ["/tmp"]),
    pod("scheduler", images.python, [], ["/tmp", "/run/porta/numba"]),
    pod("frontend", images.frontend, [], ["/tmp"]),
  ];
  kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  kubectl(["wait", "--for=condition=Ready", "pods", "--all", "-n", NAMESPACE, "--timeout=280s"]);
}, START_MS);
afterAll(remove, START_MS);

describe("both images", () => {
  test.each(["python", "frontend"])("%s: run as nobody that the node knows, and hold no compiler", (name) => {
    expect(exec(name, "id -u; id -g").stdout).toBe("10001\n10001\n");
    expect(exec(name, "command -v cc gcc g++ clang ld as make cargo rustc go uv npm; true").stdout).toBe("");
    expect(exec(name, "touch /opt/x || touch /app/x").status).not.toBe(0);
  });

  test("start what they are for without being told, and their health checks see it", async () => {
    await until(() => exec("frontend", "node /app/health.mjs").status === 0, { what: "the frontend is healthy", timeout: 120_000 });
    await until(() => exec("scheduler", "python3 -IS /opt/porta/bin/health.py").status === 0, { what: "the scheduler is healthy", timeout: 120_000 });
    expect(exec("python", "python3 -IS /opt/porta/bin/health.py")).toMatchObject({ status: 1, stderr: expect.stringContaining("http://127.0.0.1:8787/health") as string });
    expect(exec("python", "command -v node").stdout).toBe("");
  }, START_MS);
});

describe("the Python image", () => {
  const warmUp = 'NUMBA_DEBUG_CACHE=1 python -c "import porta.kernel; porta.kernel.warm_up()"';

  test("brings compiled code for any processor of its kind: nothing is left to compile before the first job", () => {
    const { status, stdout } = exec("python", warmUp);
    expect(status).toBe(0);
    expect(stdout).toMatch(/data loaded from '\/run\/porta\/numba\//);
    expect(stdout).not.toMatch(/data saved/);
    expect(exec("python", 'python -c "import numba; print(numba.config.CPU_NAME)"').stdout).toBe("generic\n");
  }, START_MS);

  test("still computes where that code could not be copied, and says what is missing", () => {
    expect((kubectlJson(["get", "pod", "unmounted", "-n", NAMESPACE]) as { status: { phase: string } }).status.phase).toBe("Running");
    expect(kubectl(["logs", "-n", NAMESPACE, "unmounted"])).toMatch(/\/run\/porta\/numba cannot be written \(mount a volume there\)/);
    expect(exec("unmounted", `HOME=/tmp ${warmUp}`)).toMatchObject({ status: 0, stdout: expect.stringMatching(/data saved to '\/tmp\//) as string });
  }, START_MS);

  test("has bytecode of everything, since no process could keep its own", () => {
    const { status, stdout } = exec("python", "python -v -c 'import distributed, bokeh, pyarrow, porta.kernel' 2>&1 | grep '^# code object from'");
    expect(status).toBe(0);
    const sources = stdout.trimEnd().split("\n");
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((line) => !line.endsWith(".pyc'"))).toEqual([]);
  });

  test("carries JupyterLab with Dask's extension", () => {
    expect(exec("python", "jupyter lab --version").stdout).toMatch(/^4\./);
    const { stdout, stderr } = exec("python", "HOME=/tmp jupyter labextension list");
    expect(stdout + stderr).toMatch(/dask-labextension v7\S* .*enabled.*OK/);
  }, START_MS);

  test("holds what scheduler, workers and notebooks import, slimmed as it is", () => {
    const modules = [
      ...["distributed.cli.dask_scheduler", "distributed.dashboard.scheduler", "porta.dispatch", "porta.worker", "jedi"],
      ...["pyarrow.parquet", "pyarrow.dataset", "pyarrow.fs", "pyarrow.compute", "jupyter_server_proxy", "PIL.Image", "numpy.testing"],
    ];
    const script = `import ${modules.join(", ")}; print(len(jedi.Script("import os; os.pa").complete()) > 0)`;
    expect(exec("python", `HOME=/tmp python -c '${script}'`)).toMatchObject({ status: 0, stdout: "True\n" });
  }, START_MS);
});
