import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Route } from "playwright-core";
import { root } from "../../scripts/paths.mjs";
import { launchBrowser, startFrontend, startPool, startValkey, until, type Frontend, type Pool, type Valkey } from "../support";
import { cable, type Cable } from "./cable";
import { bandsDrawn, drawn, openNumbers, settled, visit } from "./visit";

let valkey: Valkey;
let pool: Pool;
let frontend: Frontend;
let browser: Browser;
/** From the frontend to the pool, and from the browser to the frontend. */
let toPool: Cable;
let toFrontend: Cable;
let url: string;

beforeAll(async () => {
  // A cache that a million steps do not fit, and 900,000 do: they last long enough on a quick machine to be watched.
  valkey = await startValkey({ maxmemory: "640mb" });
  [pool, browser] = await Promise.all([startPool({ redis: valkey }), launchBrowser()]);
  toPool = await cable(pool.dispatch);
  frontend = await startFrontend({ redis: valkey, pool: { address: pool.address, dispatch: toPool.url } });
  toFrontend = await cable(frontend.url);
  url = toFrontend.url;
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await toFrontend?.unplug();
  await toPool?.unplug();
  await frontend?.stop();
  await pool?.stop();
  await valkey?.stop();
});

describe("what cannot be asked", () => {
  test.each([
    ["Steps", "0", /0 is too small for a number of steps. Type a whole number from 1 to 1,000,000, for example 500/],
    ["Steps", "1000001", /1000001 is too large .* from 1 to 1,000,000/],
    ["Steps", "", /The number of steps is missing/],
    ["Steps", "1e6", /“1e6” is not a number of steps/],
    ["Seed", "-1", /“-1” is not a seed. Type a whole number from 0 to 9,007,199,254,740,991, for example 7/],
  ])("%s %j is told in words at the field, and nothing is sent", async (field, text, words) => {
    const { page, requests, close } = await visit(browser, url);
    await page.getByRole("textbox", { name: "Steps" }).fill("500");
    await page.getByRole("textbox", { name: field }).fill(text);
    await page.keyboard.press("Enter");
    expect(await page.getByRole("alert").innerText()).toMatch(words);
    const input = page.getByRole("textbox", { name: field });
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(requests).toEqual([]);
    await input.fill("7");
    expect(await page.getByRole("alert").count()).toBe(0);
    await close();
  });

  test.each(["/propagation/0", "/propagation/abc", "/propagation/1000001", "/propagation/500?seed=-1"])(
    "the address %s gets the page with the reason, never a blank one",
    async (path) => {
      const { page, requests, close } = await visit(browser, url + path);
      expect(await page.getByRole("alert").innerText()).toMatch(/Type a whole number from/);
      await page.getByRole("textbox", { name: "Seed" }).fill("");
      await page.getByRole("textbox", { name: "Steps" }).fill("500");
      expect(requests).toEqual([]);
      await page.keyboard.press("Enter");
      await drawn(page, 500);
      await close();
    },
  );
});

test("the range that is told is that of the server", async () => {
  const small = await startFrontend({ redis: valkey, pool, env: { MAX_STEPS: "100" } });
  const { page, requests, close } = await visit(browser, small.url);
  await page.getByRole("textbox", { name: "Steps" }).fill("101");
  await page.keyboard.press("Enter");
  expect(await page.getByRole("alert").innerText()).toMatch(/from 1 to 100, for example 100\./);
  expect(requests).toEqual([]);
  await close();
  await small.stop();
});

test("a result too large for the cache is told in words, with what to do, and not asked again", async () => {
  const { page, requests, close } = await visit(browser, `${url}/propagation/1000000`);
  await page.waitForSelector('[data-phase="failed"]', { timeout: 120_000 });
  const notice = await page.locator("#notice").innerText();
  expect(notice).toMatch(/cache/i);
  expect(notice).toMatch(/The result takes about \d+ MiB .* ask for less\./);
  expect(requests.filter((request) => request.includes("/events"))).toHaveLength(1);
  await page.getByRole("textbox", { name: "Steps" }).fill("500");
  await page.keyboard.press("Enter");
  await drawn(page, 500);
  expect(await page.locator("#notice").isHidden()).toBe(true);
  await close();
}, 180_000);

describe("with the pool away", () => {
  beforeAll(async () => {
    for (const path of ["/propagation/500", "/ensemble/300/20"]) await (await fetch(`${url}${path}/summary`)).json();
    await toPool.unplug();
  });

  test("nothing is told of the last run, or ensemble, under the name of the next", async () => {
    const { page, close } = await visit(browser, `${url}/propagation/500`);
    await drawn(page, 500);
    await openNumbers(page);
    const told = () => page.locator("#caption, #columns, #rows, #plane-text, #chart-text, #energy-readout, #bands-text").allTextContents();
    expect((await told()).filter((text) => text.trim() !== "")).toHaveLength(6);
    await page.getByRole("textbox", { name: "Steps" }).fill("701");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    expect((await told()).join("").trim()).toBe("");
    expect(await page.locator("#time").getAttribute("aria-valuetext")).toBeNull();

    await page.goto(`${url}/ensemble/300/20`);
    await bandsDrawn(page, 300, 20);
    await openNumbers(page);
    expect((await told()).filter((text) => text.trim() !== "")).toHaveLength(4);
    await page.getByRole("textbox", { name: "Runs" }).fill("21");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    expect((await told()).join("").trim()).toBe("");
    await close();
  }, 180_000);

  test("who asks is told so, what is cached is still drawn, and the picture comes when the pool is back", async () => {
    const { page, close } = await visit(browser, `${url}/propagation/700`);
    await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    expect(await page.locator("#notice").innerText()).toMatch(/pool/i);
    expect(await page.locator("#notice-next").innerText()).toMatch(/again/);
    expect(await page.locator("#live").innerText()).toMatch(/pool/i);

    const cached = await visit(browser, `${url}/propagation/500`);
    await drawn(cached.page, 500);
    await cached.close();

    const many = await visit(browser, `${url}/ensemble/700/50`);
    await many.page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    expect(await many.page.locator("#notice").innerText()).toMatch(/pool/i);

    await toPool.plug();
    await drawn(page, 700);
    await bandsDrawn(many.page, 700, 50);
    expect(await page.locator("#notice").isHidden()).toBe(true);
    expect(await many.page.locator("#notice").isHidden()).toBe(true);
    await many.close();
    await close();
  }, 240_000);
});

test("a stream that is cut is opened again, with the last picture kept, and the result is drawn", async () => {
  const { page, close } = await visit(browser, `${url}/propagation/900000?seed=11`);
  await page.waitForSelector('[data-phase="computing"]', { timeout: 60_000 });
  const known = async () => Number(await page.locator("#plane").getAttribute("data-outlines"));
  await until(async () => (await known()) > 0, { what: "a partial picture", timeout: 60_000 });
  await toFrontend.unplug();
  await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
  expect(await page.locator("#notice").innerText()).toMatch(/Connection lost, reconnecting/);
  expect(await page.locator("#done").innerText()).toMatch(/ of 900,000 steps$/);
  expect(await known()).toBeGreaterThan(0);
  await toFrontend.plug();
  await drawn(page, 900_000);
  await close();
}, 240_000);

test("a page that is older than the pool says so at the first picture of an ensemble that it cannot read", async () => {
  const { page, errors, requests, close } = await visit(browser, url);
  // As another engine sends it: the number of the engine is in the bytes.
  const bytes = readFileSync(join(root, "services/propagation/tests/golden/ensemble/partial40-seed0-steps500-runs200.overview.bin"));
  bytes.writeUInt32LE(9, 16);
  const progress = JSON.stringify({ done: 40, total: 200, rate: null, eta: null, overview: bytes.toString("base64") });
  await page.route("**/events?*", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: `event: progress\ndata: ${progress}\n\n`.repeat(3) }),
  );
  await page.getByRole("textbox", { name: "Steps" }).fill("500");
  await page.getByRole("textbox", { name: "Runs" }).fill("200");
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-phase="failed"]');
  expect(await page.locator("#notice").innerText()).toMatch(/This page and the server do not fit together[^]*engine 9[^]*Load the page again/);
  await settled(page);
  expect(await page.locator("#notice").isVisible()).toBe(true);
  expect(requests).toHaveLength(1);
  expect(errors).toEqual([]);
  await close();
});

describe("what is asked again", () => {
  /** Requests for the events of a run. The page's own clock may be put forward. */
  async function visitRun(path: string) {
    const seen = await visit(browser, "about:blank");
    await seen.page.clock.install();
    const events = () => seen.requests.filter((request) => request.startsWith(`${path}/events`)).length;
    /** What the page would do within a minute, it does; and what it asks for is seen. */
    const aMinuteLater = async () => {
      await seen.page.clock.fastForward(60_000);
      await seen.page.evaluate(() => fetch("/health/live"));
    };
    return { ...seen, events, aMinuteLater };
  }

  test("a picture that could not be fetched is asked for once by whoever does not want to wait", async () => {
    const { page, events, aMinuteLater, close } = await visitRun("/propagation/510");
    await page.route("**/overview?*", (route) => route.abort());
    await page.goto(`${url}/propagation/510`);
    await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    await page.unroute("**/overview?*");
    await page.getByRole("button", { name: "Try again now" }).click();
    await drawn(page, 510);
    expect(events()).toBe(2);
    await aMinuteLater();
    expect(events()).toBe(2);
    await close();
  });

  test("what is on the screen is not, when the network is back", async () => {
    const { page, events, aMinuteLater, close } = await visitRun("/propagation/510");
    await page.goto(`${url}/propagation/510`);
    await drawn(page, 510);
    await page.evaluate(() => addEventListener("online", () => (document.body.id = "online")));
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await page.waitForSelector("#online");
    await aMinuteLater();
    expect(events()).toBe(1);
    await close();
  });

  test("a server that does not say why it refused is not waited for; nor does it disturb, when it says so late, what is under way", async () => {
    const { page, events, aMinuteLater, close } = await visitRun("/propagation/511");
    const late: Route[] = [];
    await page.route("**/events?*", (route) => {
      if (route.request().resourceType() !== "eventsource") late.push(route);
      else if (late.length < 2) void route.fulfill({ status: 503 });
      else void route.continue();
    });
    await page.goto(`${url}/propagation/511`);
    await page.waitForSelector('[data-phase="waiting"]', { timeout: 60_000 });
    await page.getByRole("button", { name: "Try again now" }).click();
    await until(() => late.length === 2, { what: "the second question why" });
    await page.getByRole("button", { name: "Try again now" }).click();
    await drawn(page, 511);
    for (const route of late) await route.fulfill({ status: 503 }).catch(() => undefined); // the page has given it up
    const before = events();
    await aMinuteLater();
    expect(events()).toBe(before);
    await close();
  }, 120_000);
});
