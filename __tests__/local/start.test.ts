import type { Browser } from "playwright-core";
import { listeners, socketsOf } from "../../scripts/process/holder.mjs";
import { childrenOf, identify, isRunning } from "../../scripts/process/table.mjs";
import { portsToOpen, readSettings } from "../../scripts/settings.mjs";
import { askRedis, launchBrowser, until } from "../support";
import { drawn, pixels, settled, visit } from "../browser/visit";
import { allGone, Launcher, START_MS } from "./launcher";

let porta: Launcher;
let browser: Browser;

beforeAll(async () => {
  [porta, browser] = await Promise.all([Launcher.start(), launchBrowser()]);
}, START_MS);

afterAll(async () => {
  await browser.close();
  await porta.stop();
});

async function graphsStarted(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${porta.ports.dispatch}/metrics`)).text();
  return Number(/^porta_graphs_started_total(?:\{.*\})? (\S+)$/m.exec(text)?.[1]);
}

describe("npm start", () => {
  test.each([500, 1_000_000])("shows the picture of %i steps in a browser", async (steps) => {
    const { page, errors, close } = await visit(browser, porta.url);
    await page.getByRole("textbox", { name: "Steps" }).fill(String(steps));
    await page.keyboard.press("Enter");
    await drawn(page, steps);
    await page.waitForSelector('#plane[data-level="0"]'); // the trusted span in full: detail follows the overview
    await settled(page);
    expect(await pixels(page, "plane", 0, "trusted5")).toBeGreaterThan(500);
    expect(await pixels(page, "plane", 0, "exact")).toBeGreaterThan(300);
    expect(await page.locator("#verdict").innerText()).toMatch(/can be trusted to 5 %/);
    expect(errors).toEqual([]);
    await close();
  }, 120_000);

  test("answers from the cache when asked again", async () => {
    await fetch(`${porta.url}/propagation/501/summary`).then((response) => response.json());
    const again = await fetch(`${porta.url}/propagation/501/summary`);
    expect(again.status).toBe(200);
    expect(again.headers.get("x-cache")).toBe("hit");
  });

  test("lets any Redis client on this machine read the cached verdict, and no more than read", async () => {
    await fetch(`${porta.url}/propagation/500/summary`);
    const ask = (command: string, ...args: string[]): Promise<string> => askRedis(porta.ports.redis, undefined, command, ...args);
    const summary = JSON.parse(await ask("HGET", "propagation/500", "summary")) as { verdict: { trusted1: number; trusted5: number } };
    expect(summary.verdict).toMatchObject({ trusted1: 16, trusted5: 470 });
    expect(await ask("HSET", "propagation/500", "summary", "{}")).toMatch(/NOPERM/);
    expect(await ask("FLUSHALL")).toMatch(/NOPERM/);
    expect(await ask("CONFIG", "GET", "*")).toMatch(/NOPERM/);
  });

  test("computes once for fifty clients who ask at once for a new number of steps", async () => {
    const before = await graphsStarted();
    const responses = await Promise.all(Array.from({ length: 50 }, () => fetch(`${porta.url}/propagation/31415/summary`)));
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(responses.map((response) => response.status)).toEqual(responses.map(() => 200));
    expect(new Set(bodies).size).toBe(1);
    expect((await graphsStarted()) - before).toBe(1);
  });

  test("listens on loopback only, every port of every process", () => {
    const processes = porta.processes();
    const inodes = new Set(processes.flatMap(({ pid }) => [...socketsOf(pid)]));
    const ours = listeners().filter(({ inode }) => inodes.has(inode));
    // Frontend and metrics; scheduler, dashboard, dispatch; a worker and its HTTP port, twice; Valkey on both addresses.
    expect(ours.length).toBeGreaterThanOrEqual(11);
    expect(ours.map(({ port }) => port)).toEqual(expect.arrayContaining(portsToOpen(readSettings({})).map((name) => porta.ports[name])));
    expect(ours.filter(({ address }) => address !== "127.0.0.1" && address !== "::1")).toEqual([]);
  });

  test.each(["scheduler", "workers"])("goes on answering from the cache while the %s processes are killed, and computes again by itself", async (name) => {
    const parent = porta.child(name);
    const killed = childrenOf(parent).map(identify);
    expect(killed.length).toBe(name === "scheduler" ? 1 : 2);
    for (const { pid } of killed) process.kill(pid, "SIGKILL");
    await allGone(killed);
    const cached: string[] = [];
    const fresh: number[] = [];
    await until(
      async () => {
        const hit = await fetch(`${porta.url}/propagation/501/summary`);
        cached.push(`${hit.status} ${hit.headers.get("x-cache")}`);
        fresh.push((await fetch(`${porta.url}/propagation/502/summary?seed=${killed[0]?.pid}`)).status);
        return fresh.at(-1) === 200;
      },
      { what: "a new computation is answered", timeout: 120_000 },
    );
    expect(new Set(cached)).toEqual(new Set(["200 hit"]));
    expect(fresh.filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
    expect(porta.child(name)).toBe(parent);
    expect(childrenOf(parent).filter((pid) => killed.some((old) => old.pid === pid))).toEqual([]);
  }, 180_000);

  test("starts a part again that dies, and says so", async () => {
    process.kill(porta.child("scheduler"), "SIGKILL");
    const response = await fetch(`${porta.url}/propagation/27182/summary`, { headers: { connection: "close" } });
    expect([200, 202, 503]).toContain(response.status);
    await until(() => porta.output.includes("scheduler is back"), { what: "the scheduler is back", timeout: 120_000 });
    const summary = `${porta.url}/propagation/27182/summary`;
    await until(async () => (await fetch(summary)).status === 200, { what: "the pool answers again", timeout: 120_000 });
    expect(porta.output).toContain("scheduler: ended by SIGKILL");
  }, 180_000);

  test("ends everything on Ctrl-C and leaves no process behind", async () => {
    const processes = porta.processes();
    expect(processes.length).toBeGreaterThan(7);
    porta.pressCtrlC();
    // The shell between npm and us dies of the signal, but not before we have ended; npm reports that.
    expect([0, "SIGINT"]).toContain(await porta.ended);
    expect(processes.filter(isRunning)).toEqual([]);
    expect(porta.output).toContain("Everything has ended");
    expect(() => porta.state).toThrow(/ENOENT/);
  }, 120_000);
});
