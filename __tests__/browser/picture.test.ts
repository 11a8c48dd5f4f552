import type { Browser } from "playwright-core";
import { launchBrowser, startPlatform, until, type Platform } from "../support";
import { boxOf, drawn, endOfPath, partial, pixels, plane, settled, visit } from "./visit";

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform({ maxmemory: "1gb" }), launchBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

describe("from a number of steps to a picture", () => {
  test("who types 500 steps sees both orbits, the verdict and the energy error", async () => {
    const { page, errors, close } = await visit(browser, platform.url);
    await page.getByRole("textbox", { name: "Steps" }).fill("500");
    await page.getByRole("button", { name: "Propagate" }).click();
    await drawn(page, 500);
    expect(new URL(page.url()).pathname).toBe("/propagation/500");
    expect(await page.title()).toContain("500 steps");
    expect(await pixels(page, "plane", 0, "trusted5")).toBeGreaterThan(800);
    expect(await pixels(page, "plane", 0, "trusted1")).toBeGreaterThan(20);
    expect(await pixels(page, "plane", 0, "exact")).toBeGreaterThan(300);
    expect(await pixels(page, "plane", 1, "planet")).toBeGreaterThan(100);
    expect(await pixels(page, "chart", 0, "trusted5")).toBeGreaterThan(300);
    expect(await page.locator("#verdict").innerText()).toMatch(/The first 470 of 500 steps can be trusted to 5 %, the first 16 to 1 %/);
    expect(await plane(page)).toMatchObject({ frame: "planet", span: "trusted", level: "0" });
    expect(errors).toEqual([]);
    await close();
  });

  test("a deep link with a seed shows that run, and the form says which", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500?seed=7`);
    await drawn(page, 500);
    expect(await page.getByRole("textbox", { name: "Seed" }).inputValue()).toBe("7");
    expect(await page.locator("#verdict").innerText()).toMatch(/353 of 500/);
    await close();
  });

  test("an address with numbers as people write them becomes the one that the server takes, with the view it asks for", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/1,000?seed=007#span=all`);
    await drawn(page, 1000);
    expect(page.url()).toBe(`${platform.url}/propagation/1000?seed=7#span=all`);
    expect(await plane(page)).toMatchObject({ span: "all" });
    expect((await fetch(page.url())).status).toBe(200);
    await page.goto(`${platform.url}/propagation/500?seed=1&seed=2`);
    expect(await page.getByRole("alert").innerText()).toMatch(/more than one seed/);
    await close();
  });

  test("a single step has a picture too", async () => {
    const { page, errors, close } = await visit(browser, `${platform.url}/propagation/1`);
    await drawn(page, 1);
    expect(await pixels(page, "plane", 0, "exact")).toBeGreaterThan(300);
    expect(await pixels(page, "plane", 1, "trusted1")).toBeGreaterThan(20);
    expect(errors).toEqual([]);
    await close();
  });

  test("a run that is cached is drawn without a word of work in progress", async () => {
    await (await fetch(`${platform.url}/propagation/600/summary`)).json();
    const { page, close } = await visit(browser, platform.url);
    await page.evaluate(() => {
      // The page is patient for a moment before it calls it work; on a busy machine a hit may take longer than that.
      const { setTimeout } = window;
      Object.assign(window, { setTimeout: (run: () => void, delay = 0) => setTimeout(run, delay * 100) });
      const seen: string[] = [];
      Object.assign(window, { seen });
      const note = () => seen.push(`${document.body.dataset["phase"] ?? ""} ${String(document.getElementById("work")?.hidden)}`);
      new MutationObserver(note).observe(document.body, { attributes: true, subtree: true, attributeFilter: ["data-phase", "hidden"] });
    });
    await page.getByRole("textbox", { name: "Steps" }).fill("600");
    await page.keyboard.press("Enter");
    await drawn(page, 600);
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen.filter((state) => state.startsWith("computing") || state.endsWith("false"))).toEqual([]);
    await close();
  });

  test("a million steps show their progress and the part of the picture that is known, then all of it", async () => {
    const { page, errors, close } = await visit(browser, `${platform.url}/propagation/1000000`);
    const { said, bar, done } = await partial(page, "plane", ["points", "outlines"]);
    expect(done).toMatch(/^[\d,]+ of 1,000,000 steps$/);
    expect(bar).toBeGreaterThan(0);
    expect(said).not.toHaveProperty("steps");
    await drawn(page, 1_000_000);
    expect(await page.locator("#work").isHidden()).toBe(true);
    await page.waitForSelector('#plane[data-level="0"]');
    await settled(page);
    expect(await pixels(page, "plane", 0, "trusted5")).toBeGreaterThan(500);
    expect(errors).toEqual([]);
    await close();
  }, 180_000);
});

describe("looking at it", () => {
  test("one click goes to the inertial frame, in which the planet moves, and to all of the run; the address says so", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/2000?seed=7`);
    await drawn(page, 2000);
    expect(await pixels(page, "plane", 0, "planet")).toBe(0);
    await page.getByRole("radio", { name: "Inertial" }).check();
    await settled(page);
    expect(await plane(page)).toMatchObject({ frame: "inertial" });
    expect(await pixels(page, "plane", 0, "planet")).toBeGreaterThan(100);
    expect(await pixels(page, "plane", 0, "beyond")).toBe(0);
    await page.getByRole("radio", { name: "All steps" }).check();
    await settled(page);
    expect(await pixels(page, "plane", 0, "beyond")).toBeGreaterThan(100);
    await page.waitForURL(/#frame=inertial&span=all$/);
    const again = await visit(browser, page.url());
    await drawn(again.page, 2000);
    expect(await plane(again.page)).toMatchObject({ frame: "inertial", span: "all" });
    await again.close();
    await close();
  });

  test("who zooms in on a long run gets detail from the server, and fits it again with a double click", async () => {
    const { page, requests, close } = await visit(browser, `${platform.url}/propagation/40000?seed=7#span=all`);
    await drawn(page, 40_000);
    const before = await plane(page);
    expect(Number(before["level"])).toBeGreaterThan(5);
    // Not those few steps around the cursor, where the satellite stands.
    const details = () => requests.filter((request) => {
      const [, from = 0, to = 0] = /from=(\d+)&to=(\d+)/.exec(request)?.map(Number) ?? [];
      return from > 0 && to - from > 600;
    });
    expect(details()).toEqual([]);
    // The satellite leaves in a straight line to where it is at the end; a part of that is a part of the steps.
    const { x, y, width, height } = await boxOf(page, "#plane");
    const end = await endOfPath(page);
    await page.mouse.move(x + end.x, y + end.y);
    for (let i = 0; i < 3; i += 1) await page.mouse.wheel(0, -400);
    await until(() => details().length > 0, { what: "a request for detail", timeout: 30_000 });
    await settled(page);
    expect(Number((await plane(page))["width"])).toBeLessThan(Number(before["width"]) / 4);
    await page.locator("#plane").dblclick({ position: { x: width / 2, y: height / 2 } });
    await settled(page);
    expect((await plane(page))["width"]).toBe(before["width"]);
    await close();
  });

  test("dragging moves the picture with the pointer", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`);
    await drawn(page, 500);
    const box = await boxOf(page, "#plane");
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 250, { steps: 4 });
    await page.mouse.up();
    // On a slow machine the drag rests on its way for so long that the address has a place on the way too.
    const [, , width] = await until(() => {
      const [x = 0, y = 0, width = 0] = (new URL(page.url()).hash.split("at=")[1] ?? "").split(",").map(Number);
      return x < -0.2 && y > 0.2 && [x, y, width];
    }, { what: "the address of where it was dragged to" });
    expect(width).toBeCloseTo(Number((await plane(page))["width"]), 2);
    await close();
  });

  test("playing moves the satellite until the end; pausing keeps it where it is", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`);
    await drawn(page, 500);
    await page.getByRole("button", { name: "Play" }).click();
    const time = async () => Number((await plane(page))["time"]);
    await until(async () => (await time()) > 0.2 && (await time()) < 15, { what: "the satellite to move", timeout: 30_000 });
    await page.getByRole("button", { name: "Pause" }).click();
    await settled(page);
    const paused = await time();
    await settled(page);
    expect(await time()).toBe(paused);
    await page.waitForURL(/#step=\d+$/);
    expect(await page.locator("#readout").innerText()).toMatch(/^step [1-9]\d* of 470, t = /);
    await close();
  });

  test("scrubbing over the energy chart moves time and its slider", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`);
    await drawn(page, 500);
    const box = await boxOf(page, "#chart");
    await page.mouse.click(box.x + box.width / 2, box.y + 40);
    await settled(page);
    const step = Number(await page.locator("#time").inputValue());
    expect(step).toBeGreaterThan(180);
    expect(step).toBeLessThan(260);
    expect(await page.locator("#energy-readout").innerText()).toContain(`step ${step}:`);
    await close();
  });

  test("back and forward go through the runs that were asked", async () => {
    const { page, close } = await visit(browser, platform.url);
    await page.getByRole("link", { name: /^500 steps/ }).click();
    await drawn(page, 500);
    await page.getByRole("textbox", { name: "Steps" }).fill("600");
    await page.keyboard.press("Enter");
    await drawn(page, 600);
    await page.goBack();
    await drawn(page, 500);
    expect(await page.getByRole("textbox", { name: "Steps" }).inputValue()).toBe("500");
    await page.goBack();
    await page.waitForSelector('[data-phase="start"]');
    await page.goForward();
    await drawn(page, 500);
    await close();
  });

  test("every format is linked with its size, and each link answers", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500?seed=7`);
    await drawn(page, 500);
    const links = page.locator("#formats a");
    expect(await links.allInnerTexts()).toEqual(["data.json", "data.js", "data.arrow", "overview", "summary"]);
    expect((await page.locator("#formats").innerText()).match(/\d+(\.\d+)? kB/g)).toHaveLength(4);
    for (const href of await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))) {
      expect(href).toContain("seed=7");
      expect((await fetch(href)).status).toBe(200);
    }
    await close();
  });
});
