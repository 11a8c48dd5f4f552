import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { propagation, python, root } from "../../scripts/paths.mjs";
import { jupyterService, jupyterToken } from "../../scripts/platform/jupyter.mjs";
import { listeners, socketsOf } from "../../scripts/process/holder.mjs";
import { isRunning, type ProcessEntry } from "../../scripts/process/table.mjs";
import { Lab, type NotebookFile } from "../browser/lab";
import { freePort, launchBrowser, until } from "../support";
import { Part, temporaryFolder } from "../support/part";
import { allGone, Launcher, START_MS } from "./launcher";

let porta: Launcher;
let browser: Browser;
let lab: Lab;
let address: string;
let token: string;

beforeAll(async () => {
  [porta, browser] = await Promise.all([Launcher.type({}, undefined, root, ["--jupyter"]), launchBrowser()]);
  await porta.ready();
  [, address = "", token = ""] = /(http:\/\/\S+)\/lab\?token=(\w+)/.exec(porta.output) ?? [];
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await porta?.stop();
});

const examples = readdirSync(join(propagation, "notebooks")).filter((name) => name.endsWith(".ipynb"));
const notebook = (name: string): string => join(porta.home, "notebooks", name);
const kernels = (): ProcessEntry[] => porta.processes().filter(({ pid }) => commandOf(pid).includes("ipykernel_launcher"));
const asUser = (): RequestInit => ({ redirect: "manual", headers: { authorization: `token ${token}` } });

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** The first line of the answer to a request for a websocket. */
function upgrade(path: string, headers: Record<string, string> = {}, at = address): Promise<string> {
  const { hostname, port, host } = new URL(at);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setTimeout(30_000, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.once("data", (data) => {
      resolve(data.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
    const fields = { host, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", ...headers };
    socket.write(`GET ${path} HTTP/1.1\r\n${Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  });
}

describe("npm start -- --jupyter", () => {
  test("prints an address with a token that stands in a file of its user, and in no process's arguments", () => {
    expect(address).toBe(`http://127.0.0.1:${porta.ports.jupyter}`);
    const file = join(porta.home, "jupyter", "token");
    expect(readFileSync(file, "utf8")).toBe(token);
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(porta.processes().map(({ pid }) => commandOf(pid)).filter((command) => command.includes(token))).toEqual([]);
    expect(porta.log("jupyter")).not.toContain(token);
  });

  test.each([["/lab", 302], ["/dask/scheduler/status", 302], ["/api/contents", 403], ["/api/kernels", 403], ["/api/terminals", 403]])(
    "shows %s to whoever has the token, and to nobody else",
    async (path, refusal) => {
      expect((await fetch(address + path, { redirect: "manual" })).status).toBe(refusal);
      expect((await fetch(address + path, { redirect: "manual", headers: { authorization: `token ${"0".repeat(48)}` } })).status).toBe(refusal);
      expect((await fetch(address + path, asUser())).status).toBe(200);
    },
  );

  test("opens the dashboard's websocket to whoever has the token, and to nobody else", async () => {
    const path = "/dask/scheduler/individual-progress/ws";
    expect(await upgrade(path)).toMatch(/ 403 /);
    // Bokeh wants a session of its own beside it, which a plain call has not: it is the dashboard that ends this one.
    expect(await upgrade(path, { authorization: `token ${token}` })).toMatch(/ 101 /);
  });

  test("leads to the scheduler's dashboard, and to no other port or host", async () => {
    const { ports } = porta;
    for (const path of [`/proxy/${ports.frontend}/`, `/proxy/${ports.dashboard}/status`, `/proxy/127.0.0.1:${ports.dispatch}/health`, `/proxy/absolute/${ports.frontend}/`]) {
      expect([path, (await fetch(address + path, { ...asUser(), redirect: "follow" })).status]).toEqual([path, 404]);
    }
    expect((await fetch(`${address}/dask/scheduler/status`, { ...asUser(), method: "POST" })).status).toBe(405);
  });

  test("takes to the dashboard neither cookie nor token along, wherever a browser has put them, but the rest of the query", async () => {
    const seen: string[] = [];
    const note = ({ url = "", rawHeaders }: IncomingMessage): void => void seen.push([url, ...rawHeaders].join("\n"));
    const dashboard = createServer((request, response) => (note(request), response.end("a page")));
    dashboard.on("upgrade", (request, socket) => (note(request), socket.destroy()));
    await once(dashboard.listen(0, "127.0.0.1"), "listening");
    const behind = `127.0.0.1:${(dashboard.address() as AddressInfo).port}`;
    const [folder, port, scheduler] = [temporaryFolder(), await freePort(), `127.0.0.1:${porta.ports.scheduler}`];
    const secret = jupyterToken(folder.path);
    const redis = { address: `127.0.0.1:${porta.ports.redis}` };
    const second = await Part.start(jupyterService({ port, redis, scheduler, dashboard: behind, directory: folder.path, python }));
    try {
      const at = `http://127.0.0.1:${port}`;
      const path = `/dask/scheduler/status?theme=a%20b&token=${secret}&empty=`;
      const headers = { authorization: `token ${secret}`, cookie: `other=${secret}`, referer: `${at}/lab?token=${secret}` };
      expect(await (await fetch(at + path)).text()).toBe("a page");
      expect(await (await fetch(at + path, { headers })).text()).toBe("a page");
      expect(await upgrade(path, headers, at)).toMatch(/ 101 /);
      await until(() => seen.length === 3, { what: "the dashboard has all three" });
    } finally {
      await second.stop();
      dashboard.close();
      folder.remove();
    }
    expect(seen.map((request) => request.split("\n")[0])).toEqual(Array(3).fill("/status?theme=a+b&empty="));
    expect(seen.filter((request) => request.includes(secret))).toEqual([]);
  }, START_MS);

  test("in a browser: logs in with the token, runs the first notebook to its end, and the figure is there", async () => {
    lab = await Lab.open(browser, address, token);
    await lab.notebook("sim.ipynb");
    const { cells } = await lab.runAll("sim.ipynb");
    const code = cells.filter(({ cell_type: type }) => type === "code");
    expect(code.flatMap(({ outputs = [] }) => outputs.filter(({ output_type: type }) => type === "error"))).toEqual([]);
    expect(code.map(({ execution_count: count }) => count)).toEqual(code.map((_, index) => index + 1));
    expect(code.flatMap(({ outputs = [] }) => outputs).filter(({ data = {} }) => "image/png" in data).length).toBeGreaterThan(0);
    await lab.page.locator(".jp-RenderedImage img").first().waitFor();
  }, 300_000);

  test("in a browser: Dask's tab has the scheduler without a word typed, and its panes open inside Lab", async () => {
    expect(await lab.dask()).toBe("dask/scheduler");
    const frame = await lab.pane("Workers");
    expect(frame.url()).toBe(`${address}/dask/scheduler/individual-workers`);
    await frame.getByText("tcp://127.0.0.1").first().waitFor(); // the workers, in their table
    expect(lab.outside).toEqual([]);
    expect(lab.errors).toEqual([]);
  }, 180_000);

  test("listens on loopback only, every port of every process, kernels included", () => {
    expect(kernels()).toHaveLength(1);
    const inodes = new Set(porta.processes().flatMap(({ pid }) => [...socketsOf(pid)]));
    const ours = listeners().filter(({ inode }) => inodes.has(inode));
    const ofKernels = new Set(kernels().flatMap(({ pid }) => [...socketsOf(pid)]));
    expect(ours.filter(({ inode }) => ofKernels.has(inode)).length).toBeGreaterThanOrEqual(5);
    expect(ours.map(({ port }) => port)).toContain(porta.ports.jupyter);
    expect(ours.filter(({ address: at }) => at !== "127.0.0.1" && at !== "::1")).toEqual([]);
  });

  test("killed with kill -9, it is started again; no kernel stays, the token and what the user wrote do, what was deleted is there again", async () => {
    await lab.close();
    const own = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(notebook("sim.ipynb"), JSON.stringify(own));
    writeFileSync(notebook("mine.ipynb"), JSON.stringify(own));
    const others = examples.filter((name) => name !== "sim.ipynb");
    for (const name of others) rmSync(notebook(name));
    const before = kernels();
    process.kill(porta.child("jupyter"), "SIGKILL");
    await until(() => porta.output.includes("jupyter is back"), { what: "JupyterLab is back", timeout: START_MS });
    await allGone(before);
    expect((await fetch(`${address}/api/contents/mine.ipynb`, asUser())).status).toBe(200);
    expect(JSON.parse(readFileSync(notebook("sim.ipynb"), "utf8")) as NotebookFile).toEqual(own);
    expect(others.filter((name) => !existsSync(notebook(name)))).toEqual([]);
  }, START_MS);

  test("a second one that finds its port taken says by whom, and how to take another", async () => {
    const second = await Launcher.type({ PORTA_JUPYTER_PORT: String(porta.ports.jupyter) }, undefined, root, ["--jupyter"]);
    expect(await second.ended).toBe(1);
    const free = porta.ports.jupyter + 10_000;
    expect(second.output).toContain(`Port ${porta.ports.jupyter} (JupyterLab) is taken by python (process ${porta.child("jupyter")})`);
    expect(second.output).toContain(`PORTA_JUPYTER_PORT=${free} npm start -- --jupyter`);
    await second.stop();
  }, 60_000);

  test("ends with everything else on Ctrl-C, the kernels too", async () => {
    const started = await fetch(`${address}/api/kernels`, { ...asUser(), method: "POST", body: "{}" });
    expect(started.status).toBe(201);
    await until(() => kernels().length === 1, { what: "a kernel" });
    const processes = porta.processes();
    porta.pressCtrlC();
    await porta.ended;
    expect(processes.filter(isRunning)).toEqual([]);
    expect(porta.output).toContain("Everything has ended");
  }, 120_000);
});
