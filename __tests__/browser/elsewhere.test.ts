import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { fill } from "../frontend/support/fill";
import { launchBrowser, startFrontend, startValkey, type Frontend, type Valkey } from "../support";
import { complaints, desktop, phone } from "./accessible";
import { bandsDrawn, drawn, visit } from "./visit";

const nowhere = { address: "127.0.0.1:1", dispatch: "http://127.0.0.1:1" };

let valkey: Valkey;
let frontend: Frontend;
let browser: Browser;
/** An empty page of another origin. */
let elsewhere: Server;

beforeAll(async () => {
  [valkey, browser] = await Promise.all([startValkey(), launchBrowser()]);
  await fill(valkey, "propagation/500", "propagation/500?seed=7", "ensemble/300/40");
  frontend = await startFrontend({ redis: valkey, pool: nowhere });
  elsewhere = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Elsewhere</title>"));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
}, 240_000);

afterAll(async () => {
  await browser?.close();
  elsewhere?.close();
  elsewhere?.closeAllConnections();
  await frontend?.stop();
  await valkey?.stop();
});

describe("a link from elsewhere", () => {
  test.each([
    ["/propagation/500?seed=7&utm_source=newsletter&utm_medium=email", "/propagation/500?seed=7"],
    ["/propagation/500?fbclid=IwAR0&seed=7#span=all", "/propagation/500?seed=7#span=all"],
    ["/propagation/500?gclid=x&foo&v=1#_ga=2.1&frame=inertial", "/propagation/500#frame=inertial"],
    ["/ensemble/300/40?utm_source=newsletter#utm_source=x&span=all", "/ensemble/300/40#span=all"],
  ])("%s shows the result, and the address and the share link become %s", async (link, shared) => {
    const { page, errors, close } = await visit(browser, frontend.url + link, { permissions: ["clipboard-read", "clipboard-write"] });
    if (link.startsWith("/ensemble")) await bandsDrawn(page, 300, 40);
    else await drawn(page, 500);
    expect(page.url()).toBe(frontend.url + shared);
    await page.getByRole("button", { name: "Copy share link" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(frontend.url + shared);
    expect(errors).toEqual([]);
    await close();
  });

  test("the start page drops foreign names from its address", async () => {
    const { page, errors, close } = await visit(browser, `${frontend.url}/?utm_source=newsletter&ref=x#utm_medium=email`);
    await page.waitForURL(`${frontend.url}/`);
    expect(errors).toEqual([]);
    await close();
  });

  test.each(["sead=7", "Seed=7&utm_source=x", "utm_source=x&amp;seed=7"])("the misspelt name in ?%s is reported, and no run is shown", async (query) => {
    const { page, requests, close } = await visit(browser, `${frontend.url}/propagation/500?${query}`);
    await page.waitForSelector('[data-phase="bad"]');
    expect(await page.locator("#ask-error").innerText()).toContain("Did you mean a seed, for example ?seed=7?");
    expect(requests).toEqual([]);
    await close();
  });
});

describe.each(["light", "dark"] as const)("an address that does not exist, in the %s scheme", (colorScheme) => {
  test.each([
    ["/nope", desktop],
    ["/ensemble/500", desktop],
    [`/propagation/abc/${"d".repeat(90)}`, phone],
  ])("%s shows a page like the others, with the way home, that axe has nothing against", async (path, viewport) => {
    const { page, close } = await visit(browser, frontend.url + path, { colorScheme, viewport });
    expect(await page.locator("h1").innerText()).toBe("There is nothing here");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await complaints(page)).toEqual([]);
    await page.getByRole("link", { name: "To the start page" }).click();
    await page.getByRole("heading", { name: "A satellite, step by step" }).waitFor();
    await page.waitForLoadState("load"); // with its style sheet
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(background);
    await close();
  });
});

/** A page of another origin, with what its console says. */
async function visitElsewhere(): Promise<{ page: Page; errors: string[]; close: () => Promise<void> }> {
  const { port } = elsewhere.address() as AddressInfo;
  return visit(browser, `http://127.0.0.1:${port}/`);
}

describe("a page of another origin", () => {
  test.each([
    ["as jQuery's $.getScript adds it", "?_=1732900000000"],
    ["after a question mark that was there", "?&_=1732900000000"],
    ["as a bare time", "?1732900000000"],
    ["as Ext JS adds it", "?_dc=1732900000000"],
  ])("loads data.js with a cache-buster, %s", async (_, query) => {
    const { page, errors, close } = await visitElsewhere();
    await page.addScriptTag({ url: `${frontend.url}/propagation/500/data.js${query}` });
    expect(await page.evaluate(() => (globalThis as unknown as { data: unknown[] }).data.length)).toBeGreaterThan(500);
    expect(errors).toEqual([]);
    await close();
  });

  test("reads data and errors with any headers: its own, a validator, a range", async () => {
    const { page, errors, close } = await visitElsewhere();
    const read = await page.evaluate(async (url) => {
      const headers = { "X-Requested-With": "XMLHttpRequest", Authorization: "Bearer x" };
      const whole = await fetch(`${url}/propagation/500/data.json`, { headers, cache: "no-store" });
      const { steps } = (await whole.json()) as { steps: number };
      const etag = whole.headers.get("etag") ?? "";
      const again = await fetch(`${url}/propagation/500/data.json`, { headers: { "If-None-Match": etag }, cache: "no-store" });
      const ranged = await fetch(`${url}/propagation/500/data.json`, { headers: { ...headers, Range: "bytes=10-19" }, cache: "no-store" });
      const part = await ranged.text();
      const range = ranged.headers.get("content-range");
      const bad = await fetch(`${url}/propagation/0/data.json`, { headers });
      const { title } = (await bad.json()) as { title: string };
      return { steps, etag, again: again.status, ranged: ranged.status, range, part: part.length, title };
    }, frontend.url);
    expect(read).toEqual({ steps: 500, etag: expect.stringMatching(/^".+"$/) as string, again: 304, ranged: 206, range: expect.stringMatching(/^bytes 10-19\//) as string, part: 10, title: "steps is not valid" });
    // The browser itself writes a line for each status from 400 on.
    expect(errors.filter((text) => !text.includes("status of 400"))).toEqual([]);
    await close();
  });

  test("cannot read what is not shared, with or without headers of its own", async () => {
    const { page, close } = await visitElsewhere();
    const outcomes = await page.evaluate(
      ([url]) =>
        Promise.all(
          ["/propagation/500/summary", "/propagation/500/overview", "/propagation/500/events", "/propagation/500", "/openapi.json"].flatMap((path) =>
            [{}, { "X-Own": "1" }].map((headers) =>
              fetch(`${url}${path}`, { headers }).then(
                () => `${path} was read`,
                () => "refused",
              ),
            ),
          ),
        ),
      [frontend.url],
    );
    expect(new Set(outcomes)).toEqual(new Set(["refused"]));
    await close();
  });
});
