import type { Browser } from "playwright-core";
import { until } from "../../../scripts/process/wait.mjs";
import { roles } from "../../../stacks/roles";
import { Lab } from "../../browser/lab";
import { launchBrowser } from "../../support/browser";
import type { Platform } from "../support/platform";
import { isReady } from "../support/pods";

/** JupyterLab as its users have it: through the Service, with a browser and the token. */
export function jupyter(platform: Platform): void {
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    address = await platform.cluster.forward("service/dask-notebook", roles.jupyter.ports.http);
  }, 120_000);
  afterAll(() => browser.close());

  const ask = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(address + path, { redirect: "manual", headers: { authorization: `token ${platform.secret("jupyter_token")}` }, ...options });

  test("a browser logs in with the token, runs the first notebook to its end, and Dask's panes open inside Lab; nothing is asked elsewhere", async () => {
    const lab = await Lab.open(browser, address, platform.secret("jupyter_token"));
    await lab.notebook("sim.ipynb");
    const { cells } = await lab.runAll("sim.ipynb");
    const code = cells.filter(({ cell_type: type }) => type === "code");
    const outputs = code.flatMap(({ outputs: all = [] }) => all);
    expect(outputs.filter(({ output_type: type }) => type === "error")).toEqual([]);
    expect(code.map(({ execution_count: count }) => count)).toEqual(code.map((_, index) => index + 1));
    expect(outputs.filter(({ data = {} }) => "image/png" in data).length).toBeGreaterThan(0);

    expect(await lab.dask()).toBe("dask/scheduler");
    const pane = await lab.pane("Workers");
    await pane.getByText("dask-workers-").first().waitFor(); // by the names of their pods
    expect(lab.outside).toEqual([]);
    expect(lab.errors).toEqual([]);
    await lab.close();
  }, 400_000);

  test("its way to the dashboard leads to no other port or host, and is closed to whoever has no token", async () => {
    for (const path of ["/proxy/8888/api", "/proxy/dask-scheduler:8788/health", "/proxy/redis:6379/", "/proxy/absolute/8888/api"]) {
      expect([path, (await ask(path, { redirect: "follow" })).status]).toEqual([path, 404]);
    }
    expect((await ask("/dask/scheduler/status")).status).toBe(200);
    expect((await ask("/dask/scheduler/status", { headers: {} })).status).toBe(302);
  }, 60_000);

  test("notebooks survive their pod, with what a user changed; an example that was deleted is there again", async () => {
    const own = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    for (const name of ["sim.ipynb", "mine.ipynb"]) {
      const body = JSON.stringify({ type: "notebook", format: "json", content: own });
      expect((await ask(`/api/contents/${name}`, { method: "PUT", headers: { authorization: `token ${platform.secret("jupyter_token")}` }, body })).ok).toBe(true);
    }
    expect((await ask("/api/contents/trust.ipynb", { method: "DELETE" })).status).toBe(204);
    const { metadata: old } = await platform.pod("jupyter-notebook");
    await platform.cluster.run(["delete", "pod", old.name]);
    await until(async () => (await platform.pods("jupyter-notebook")).some((pod) => pod.metadata.name !== old.name && isReady(pod)), {
      what: "another pod of JupyterLab",
      timeout: 200_000,
    });
    address = await platform.cluster.forward("service/dask-notebook", roles.jupyter.ports.http);
    for (const name of ["sim.ipynb", "mine.ipynb"]) {
      const { content } = (await (await ask(`/api/contents/${name}?content=1`)).json()) as { content: typeof own };
      expect([name, content.cells]).toEqual([name, []]);
    }
    expect((await ask("/api/contents/trust.ipynb")).status).toBe(200);
  }, 300_000);
}
