import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, startPlatform, until, type Platform } from "../support";
import { drawn } from "./visit";

/** One more than the connections that a browser opens to a host. */
const TABS = 7;
/** Ensembles that take minutes, each another one. */
const long = (index: number): string => `/ensemble/1000000/10000?seed=${index}`;

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

/** Event streams that the frontend has open. */
async function streams(): Promise<number> {
  const text = await (await fetch(platform.frontend.metrics)).text();
  return Number(/^porta_frontend_sse_clients (\d+)$/m.exec(text)?.[1]);
}

interface Watched {
  readonly page: Page;
  /** How often it has opened its stream. */
  readonly turns: () => number;
  /** How far it is, as it says. */
  readonly done: () => Promise<string>;
}

async function open(context: BrowserContext, path: string): Promise<Watched> {
  const page = await context.newPage();
  let turns = 0;
  page.on("request", (request) => (turns += Number(request.url().includes("/events?"))));
  await page.goto(platform.url + path);
  await page.waitForSelector('[data-phase="asking"], [data-phase="computing"], [data-phase="waiting"]');
  return { page, turns: () => turns, done: () => page.locator("#done").innerText() };
}

/** Until these tabs take no more turns. */
async function keepTheirs(tabs: readonly Watched[]): Promise<void> {
  await until(
    async () => {
      const kept = tabs.map(({ turns }) => turns());
      await tabs[0]?.page.waitForTimeout(4_000);
      return tabs.every(({ turns }, index) => turns() === kept[index]);
    },
    { what: "the tabs keep their streams", timeout: 60_000 },
  );
}

test("with seven ensembles under way in seven tabs, pages load, every tab has news, and few streams are open", async () => {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(`${platform.url}/propagation/500`);
  await drawn(first, 500);
  await first.close();

  const tabs: Watched[] = [];
  for (let index = 0; index < TABS; index++) tabs.push(await open(context, long(index)));

  // Without turns the seventh page would not even load.
  const eighth = await context.newPage();
  await eighth.goto(`${platform.url}/propagation/500`);
  await drawn(eighth, 500);
  const phases = await Promise.all(tabs.map(({ page }) => page.locator("body").getAttribute("data-phase")));
  expect(phases.filter((phase) => phase === "computing" || phase === "asking")).toHaveLength(TABS);
  await eighth.close();

  const before = tabs.map(({ turns }) => turns());
  const counts: number[] = [];
  await until(
    async () => {
      counts.push(await streams());
      return tabs.every(({ turns }, index) => turns() >= (before[index] as number) + 2);
    },
    { what: "two more turns of each tab", timeout: 120_000 },
  );
  // More for a moment: tabs that take the same free place, and streams that the server has not yet seen closed.
  expect(counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(4);
  expect(await Promise.all(tabs.map(({ done }) => done()))).toEqual(Array<unknown>(TABS).fill(expect.stringMatching(/^[\d,]+ of 10,000 runs|in line|Asking/)));

  // Those that are left need no turns.
  for (const { page } of tabs.slice(3)) await page.close();
  await until(async () => (await streams()) === 3, { what: "a stream for each of three tabs" });
  await keepTheirs(tabs.slice(0, 3));
  await context.close();
}, 400_000);

test("a tab that crashes, and one that goes to another page, leave their turns to the others", async () => {
  const context = await browser.newContext();
  const tabs: Watched[] = [];
  for (let index = 0; index < 5; index++) tabs.push(await open(context, long(index)));
  const [crashing, leaving, ...others] = tabs as [Watched, Watched, ...Watched[]];
  await crashing.page.goto("chrome://crash").catch(() => undefined);
  await leaving.page.goto("about:blank");
  await until(async () => (await streams()) === 3, { what: "a stream for each of three tabs", timeout: 60_000 });
  await keepTheirs(others);
  // Back again: it has its place in the turns.
  await leaving.page.goBack();
  await until(() => leaving.turns() > 1, { what: "the stream of the page that came back", timeout: 60_000 });
  await context.close();
}, 300_000);
