import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { numbaCache, python } from "../../scripts/paths.mjs";
import { Child } from "../../scripts/process/child.mjs";
import { makeCertificates } from "../../scripts/deploy/certificates";
import { ensureSecrets } from "../../scripts/deploy/secrets";
import { certificateOf, daskAuthority, keyOf } from "../../stacks/secrets";
import { freePorts } from "../support";
import { temporaryFolder } from "../support/part";
import { asLocal, type LocalCommand } from "./support/local";
import { synth } from "./support/synth";

/** Connects as told by its environment, has the pool compute, and says what came of it. */
const client = `
import sys
from distributed import Client
try:
    with Client(sys.argv[1], timeout=10) as client:
        print("computed", client.submit(sum, [1, 2, 3]).result(timeout=30))
except (OSError, TimeoutError, RuntimeError, TypeError, ValueError) as error:
    print("refused", type(error).__name__)
`;

describe("the declared pool, as processes here", () => {
  const folder = temporaryFolder();
  const platform = synth();
  const children: Child[] = [];
  let ports: Record<"comm" | "dashboard" | "dispatch" | "worker" | "http", number>;
  let notebook: LocalCommand;
  let worker: LocalCommand;
  let address: string;

  function start(name: string, { args: [, ...args], env }: LocalCommand): Child {
    const child = new Child({
      name, command: python, args, log: join(folder.path, `${name}.log`), python,
      // The image brings numba's cache; here it is the checkout's.
      env: { ...env, NUMBA_CACHE_DIR: numbaCache },
    });
    children.push(child);
    return child;
  }

  async function connect(to: string, env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = await promisify(execFile)(python, ["-c", client, to], { env: { PATH: process.env.PATH, ...env }, timeout: 90_000 });
    return stdout.trim();
  }

  async function status(port: number, path: string): Promise<number> {
    return (await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) })).status;
  }

  beforeAll(async () => {
    const { values } = await ensureSecrets(join(folder.path, "secrets.json"), { passwords: false, certificates: false });
    const [comm, dashboard, dispatch, data, http] = (await freePorts(5)) as [number, number, number, number, number];
    ports = { comm, dashboard, dispatch, worker: data, http };
    const instead = {
      "dask-scheduler:8786": `127.0.0.1:${comm}`, "0.0.0.0": "127.0.0.1", 8786: String(comm), 8787: String(dashboard), 8788: String(dispatch),
      8790: String(http), 9000: String(data),
    };
    const local = (name: string) => asLocal(platform, name, { directory: folder.path, values, instead });
    notebook = local("jupyter-notebook");
    address = notebook.env["DASK_SCHEDULER_ADDRESS"] ?? "";
    start("scheduler", local("dask-scheduler"));
    // Dispatch is ready when it has a worker of its own kind: whatever keeps that from happening, the worker says.
    worker = local("dask-workers");
    await start("worker", worker).ready(async () => (await status(dispatch, "/health")) === 200);
  }, 180_000);

  afterAll(async () => {
    await Promise.all(children.map((child) => child.stop()));
    folder.remove();
  });

  test("scheduler, dispatch and worker answer where their probes ask", async () => {
    const own: Record<string, number> = { "dask-scheduler/dashboard": ports.dashboard, "dask-scheduler/dispatch": ports.dispatch, "dask-workers/http": ports.http };
    for (const name of ["dask-scheduler", "dask-workers"]) {
      const { startup_probe: startup, liveness_probe: live, readiness_probe: ready } = platform.container(name);
      for (const probe of [startup, live, ready]) {
        const { port = "", path = "" } = probe?.http_get ?? {};
        expect(await status(own[`${name}/${port}`] ?? 0, path)).toBe(200);
      }
    }
  });

  test("a notebook with its certificate computes on the pool", async () => {
    expect(address).toMatch(/^tls:/);
    expect(await connect(address, notebook.env)).toBe("computed 6");
  });

  test("a plain client is refused", async () => {
    expect(await connect(address.replace("tls:", "tcp:"), {})).toMatch(/^refused/);
  });

  test("a client with a certificate of another authority is refused", async () => {
    const foreign = await makeCertificates();
    const own = (file: string, value: string): string => {
      const path = join(folder.path, file);
      writeFileSync(path, foreign[value] ?? "", { mode: 0o600 });
      return path;
    };
    const tls = "DASK_DISTRIBUTED__COMM__TLS";
    const intruder = {
      ...notebook.env,
      [`${tls}__CLIENT__CERT`]: own("foreign.crt", certificateOf("client")),
      [`${tls}__CLIENT__KEY`]: own("foreign.key", keyOf("client")),
    };
    expect(await connect(address, intruder)).toMatch(/^refused/);
    // Nor does it help to know our authority's name only, or to trust another one.
    expect(await connect(address, { ...notebook.env, [`${tls}__CA_FILE`]: own("foreign-ca.crt", daskAuthority) })).toMatch(/^refused/);
    // Each attempt starts Python, which gives up after ten seconds.
  }, 200_000);

  test("a worker's own port is encrypted as well", async () => {
    expect(await connect(`tcp://127.0.0.1:${ports.worker}`, {})).toMatch(/^refused/);
  });

  test("the dashboard neither proxies to other hosts nor lets anyone change the pool", async () => {
    expect(await status(ports.dashboard, `/proxy/${ports.http}/127.0.0.1/health`)).toBe(404);
    expect(await status(ports.dashboard, "/api/v1/get_workers")).toBe(404);
    expect(await status(ports.dashboard, "/metrics")).toBe(200);
  });

  // The last one: after it the pool has no worker.
  test("a pod's end drains its worker, as the pod's own", async () => {
    const [hook] = platform.container("dask-workers").lifecycle?.pre_stop ?? [];
    const [program, ...args] = hook?.exec.command ?? [];
    expect(program).toBe("python");
    const { stdout } = await promisify(execFile)(python, args, { env: { PATH: process.env.PATH, ...worker.env }, timeout: 60_000 });
    expect(stdout).toContain("dask-workers-0 is drained");
    expect(await status(ports.dispatch, "/health")).toBe(503);
  });
});
