import type { Browser, Page } from "playwright-core";
import { launchBrowser, startFrontend, startPlatform, until, type Platform } from "../support";
import { complaints, desktop, phone, smallControls } from "./accessible";
import { bands, bandsDrawn, boxOf, drawn, openNumbers, partial, pixels, settled, visit } from "./visit";

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

const field = (page: Page, name: string) => page.getByRole("textbox", { name });

async function ask(page: Page, asked: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(asked)) await field(page, name).fill(text);
  await page.keyboard.press("Enter");
}

describe("from a number of runs to their bands", () => {
  test("who asks for 10,000 runs sees their bands tighten while they are computed, then those of all", async () => {
    const { page, errors, close } = await visit(browser, platform.url);
    await page.evaluate(() => {
      const host = document.getElementById("bands");
      const seen: number[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const runs = Number(host?.dataset["runs"] ?? 0);
        if (runs > 0 && runs !== seen.at(-1)) seen.push(runs);
      }).observe(host as Node, { attributes: true, attributeFilter: ["data-runs"] });
    });
    // So long that several pictures come before the last on a quick machine too.
    await ask(page, { Steps: "40,000", Runs: "10,000" });
    await page.waitForURL("**/ensemble/40000/10000");
    const { said, done, moment } = await partial(page, "bands", ["runs"]);
    expect(done).toMatch(/^[\d,]+ of 10,000 runs$/);
    expect(moment).toMatch(/^t = 16, step [\d,]+; [\d,]+ runs so far$/);
    expect(said).not.toHaveProperty("steps");
    expect(await pixels(page, "band-x", 0, "trusted5")).toBeGreaterThan(300);
    expect(await pixels(page, "band-error", 0, "trusted5")).toBeGreaterThan(200);
    await bandsDrawn(page, 40_000, 10_000);
    const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(10_000);
    expect(await page.locator("#work").isHidden()).toBe(true);
    expect(await page.title()).toContain("10,000 runs of 40,000 steps");
    expect(await page.locator("#subtitle").innerText()).toBe("seeds 0 to 9,999 · 400,000,000 steps in all");
    expect(errors).toEqual([]);
    await close();
  }, 600_000);

  test("the verdict says in words and numbers how far they hold, how many are ejected, and whose approach is the closest", async () => {
    const { page, close } = await visit(browser, `${platform.url}/ensemble/2000/500?seed=7`);
    await bandsDrawn(page, 2000, 500);
    const summary = (await (await fetch(`${platform.url}/ensemble/2000/500/summary?seed=7`)).json()) as {
      words: string;
      trusted5: { p50: number };
      closest: { seed: number; step: number };
    };
    const verdict = page.locator("#verdict");
    expect(await verdict.locator(".headline").innerText()).toBe(`Half of the runs hold for ${summary.trusted5.p50} steps`);
    expect(await verdict.locator(".words").innerText()).toBe(summary.words);
    expect(await verdict.locator(".small").innerText()).toMatch(/off by at most 0\.1 % of themselves or 6·10⁻⁸/);
    await verdict.getByRole("link", { name: `seed ${summary.closest.seed}` }).click();
    await drawn(page, 2000);
    const at = new URL(page.url());
    expect(at.pathname + at.search + at.hash).toBe(`/propagation/2000?seed=${summary.closest.seed}#span=all&step=${summary.closest.step}`);
    expect(await page.locator("#readout").innerText()).toMatch(new RegExp(`^step ${summary.closest.step.toLocaleString("en")} of 2,000, t = `));
    expect(await field(page, "Runs").inputValue()).toBe("");
    await page.goBack();
    await bandsDrawn(page, 2000, 500);
    await close();
  });

  test("a deep link shows that ensemble, the form says which, and a reload has it at once", async () => {
    const { page, requests, close } = await visit(browser, `${platform.url}/ensemble/500/1000?seed=7`);
    await bandsDrawn(page, 500, 1000);
    expect(await Promise.all(["Steps", "Runs", "Seed"].map((name) => field(page, name).inputValue()))).toEqual(["500", "1,000", "7"]);
    expect(requests).toEqual(["/ensemble/500/1000/events?seed=7", "/ensemble/500/1000/overview?seed=7"]);
    await page.addInitScript(() => {
      const phases: string[] = [];
      Object.assign(window, { phases });
      new MutationObserver(() => phases.push(document.body?.dataset["phase"] ?? "")).observe(document, {
        attributes: true,
        subtree: true,
        attributeFilter: ["data-phase"],
      });
    });
    await page.reload();
    await bandsDrawn(page, 500, 1000);
    const phases = await page.evaluate(() => (window as unknown as { phases: string[] }).phases);
    expect(phases).toContain("shown");
    expect(phases).not.toContain("computing");
    await close();
  });

  test.each([
    [1, 1, /^The one run holds to its end$/],
    [100, 2, /^(Half|More than half|All 2) /],
  ])("%i steps of %i runs have bands too", async (steps, runs, headline) => {
    const { page, errors, close } = await visit(browser, `${platform.url}/ensemble/${steps}/${runs}`);
    await bandsDrawn(page, steps, runs);
    expect(await pixels(page, "band-distance", 0, "trusted5")).toBeGreaterThan(100);
    expect(await page.locator("#verdict .headline").innerText()).toMatch(headline);
    expect(errors).toEqual([]);
    await close();
  });

  test("every format is linked with its size, and each link answers", async () => {
    const { page, close } = await visit(browser, `${platform.url}/ensemble/500/1000?seed=7`);
    await bandsDrawn(page, 500, 1000);
    const links = page.locator("#formats a");
    expect(await links.allInnerTexts()).toEqual(["data.json", "data.arrow", "overview", "summary"]);
    expect((await page.locator("#formats").innerText()).match(/\d+(\.\d+)? kB/g)).toHaveLength(3);
    for (const href of await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))) {
      expect(href).toContain("/ensemble/500/1000/");
      expect((await fetch(href)).status).toBe(200);
    }
    await close();
  });
});

describe("looking at them", () => {
  test("the first orbits come first; one click shows all of it, another the inertial frame; the address says so", async () => {
    const { page, close } = await visit(browser, `${platform.url}/ensemble/2000/500?seed=7`);
    await bandsDrawn(page, 2000, 500);
    expect(await bands(page)).toMatchObject({ from: "0", to: "16", frame: "planet" });
    await page.getByRole("radio", { name: "All of it" }).check();
    await page.getByRole("radio", { name: "Inertial" }).check();
    await page.waitForURL(/#frame=inertial&span=all$/);
    const { to } = await bands(page);
    expect(Number(to)).toBeGreaterThan(80);
    expect(await page.locator("#name-x").innerText()).toBe("x, inertial");
    const again = await visit(browser, page.url());
    await bandsDrawn(again.page, 2000, 500);
    expect(await bands(again.page)).toMatchObject({ from: "0", to, frame: "inertial" });
    await again.close();
    await close();
  });

  test("zooming and dragging move all charts along the time, and stay in the address", async () => {
    const { page, close } = await visit(browser, `${platform.url}/ensemble/2000/500?seed=7`);
    await bandsDrawn(page, 2000, 500);
    const box = await boxOf(page, "#band-y");
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.mouse.wheel(0, -200);
    await page.waitForURL(/#t=/);
    await settled(page);
    const zoomed = await bands(page);
    expect(Number(zoomed["to"]) - Number(zoomed["from"])).toBeLessThan(12);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 200, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    const dragged = await bands(page);
    expect(Number(dragged["from"])).toBeGreaterThan(Number(zoomed["from"]) + 1);
    expect(Number(dragged["to"]) - Number(dragged["from"])).toBeCloseTo(Number(zoomed["to"]) - Number(zoomed["from"]), 6);
    await page.getByRole("button", { name: "Fit all of it" }).click();
    await page.waitForURL(/#span=all$/);
    await close();
  });

  test("what lies under the pointer is read at every chart", async () => {
    const { page, close } = await visit(browser, `${platform.url}/ensemble/2000/500?seed=7`);
    await bandsDrawn(page, 2000, 500);
    const box = await boxOf(page, "#band-x");
    await page.mouse.move(box.x + box.width / 2, box.y + 30);
    await settled(page);
    const { time } = await bands(page);
    expect(Number(time)).toBeGreaterThan(6);
    expect(Number(time)).toBeLessThan(10);
    expect(await page.locator("#moment").innerText()).toMatch(/^t = [\d.]+, step \d+$/);
    for (const id of ["x", "y", "distance"]) expect(await page.locator(`#reading-${id}`).innerText()).toMatch(/^median −?[\d.]+ · half −?[\d.]+ … −?[\d.]+ · 9 in 10 /);
    expect(await page.locator("#reading-error").innerText()).toMatch(/^median −?[\d.]+ % · half /);
    expect(await pixels(page, "band-distance", 1, "ink")).toBeGreaterThan(50);
    // The curve of the ejected is that of the whole run: a click there goes to that part.
    const curve = await boxOf(page, "#ejections");
    await page.mouse.click(curve.x + curve.width - 40, curve.y + 30);
    await settled(page);
    expect(Number((await bands(page))["from"])).toBeGreaterThan(60);
    expect(await page.locator("#reading-ejected").innerText()).toMatch(/by step 1,[89]\d\d$/);
    await close();
  });
});

describe("what cannot be asked", () => {
  test.each([
    [{ Steps: "500", Runs: "100001" }, "Runs", /100001 is too large for a number of runs\. Type a whole number from 1 to 100,000, for example 1000\./],
    [{ Steps: "500", Runs: "0" }, "Runs", /0 is too small for a number of runs/],
    [{ Steps: "500", Runs: "many" }, "Runs", /“many” is not a number of runs/],
    [{ Steps: "", Runs: "10" }, "Steps", /The number of steps is missing/],
    [{ Steps: "1,000,000", Runs: "20,000" }, "Runs", /20,000,000,000 steps in all, more than the 10,000,000,000 of an ensemble\. At 1,000,000 steps each, ask for at most 10,000 runs/],
    [{ Steps: "500", Runs: "10", Seed: "9007199254740991" }, "Seed", /too large for a seed\. Type a whole number from 0 to 9,007,199,254,740,982/],
  ])("%j is told in words at the field, and nothing is sent", async (asked, name, words) => {
    const { page, requests, close } = await visit(browser, platform.url);
    await ask(page, asked);
    expect(await page.getByRole("alert").innerText()).toMatch(words);
    expect(await field(page, name).getAttribute("aria-invalid")).toBe("true");
    expect(await field(page, name).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(requests).toEqual([]);
    await close();
  });

  test.each(["/ensemble/500/0", "/ensemble/0/500", "/ensemble/1000000/20000", "/ensemble/500/many"])(
    "the address %s gets the page with the reason and the form to mend it",
    async (path) => {
      const { page, requests, close } = await visit(browser, platform.url + path);
      expect(await page.getByRole("alert").innerText()).toMatch(/whole number from|ask for at most/);
      expect(requests).toEqual([]);
      await ask(page, { Steps: "500", Runs: "1000", Seed: "7" });
      await bandsDrawn(page, 500, 1000);
      await close();
    },
  );

  test("the limits that are told are those of the server, and the hint follows the steps", async () => {
    const { valkey, pool } = platform;
    const small = await startFrontend({ redis: valkey, pool, env: { MAX_RUNS: "300", MAX_ENSEMBLE_STEPS: "20000" } });
    const { page, close } = await visit(browser, small.url);
    expect(await page.locator("#runs-hint").innerText()).toBe("1, or up to 300");
    await ask(page, { Steps: "1000", Runs: "50" });
    expect(await page.locator("#runs-hint").innerText()).toBe("1, or up to 20");
    expect(await page.getByRole("alert").innerText()).toMatch(/50,000 steps in all, more than the 20,000 of an ensemble\. At 1,000 steps each, ask for at most 20 runs/);
    await close();
    await small.stop();
  });

  test("one run is that run, with every step of it", async () => {
    const { page, close } = await visit(browser, platform.url);
    await ask(page, { Steps: "500", Runs: "1" });
    await drawn(page, 500);
    expect(new URL(page.url()).pathname).toBe("/propagation/500");
    await close();
  });
});

describe("for everyone", () => {
  const path = "/ensemble/500/1000?seed=7";

  test.each([
    ["light", desktop],
    ["dark", desktop],
    ["light", phone],
    ["dark", phone],
  ] as const)("axe finds nothing to complain about in the %s scheme at %j, with the numbers open", async (colorScheme, viewport) => {
    const { page, close } = await visit(browser, platform.url + path, { colorScheme, viewport });
    await bandsDrawn(page, 500, 1000);
    await openNumbers(page);
    expect(await page.locator("#rows tr").count()).toBe(21);
    expect(await page.locator("#columns th").allInnerTexts()).toEqual(["Time", "x", "y", "Distance, half of the runs", "Energy error"]);
    expect(await complaints(page)).toEqual([]);
    await close();
  });

  test("a phone shows all of it without scrolling sideways, with controls that a finger meets", async () => {
    const { page, close } = await visit(browser, platform.url + path, { viewport: phone, hasTouch: true, isMobile: true });
    await bandsDrawn(page, 500, 1000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await smallControls(page)).toEqual([]);
    for (const id of ["band-x", "band-error", "ejections"]) expect((await boxOf(page, `#${id}`)).width).toBeGreaterThan(300);
    await close();
  });

  test("the keyboard alone asks, looks closer, sees all of it, and reads moment by moment", async () => {
    const { page, errors, close } = await visit(browser, platform.url);
    const focus = () => page.evaluate(() => document.activeElement?.id ?? "");
    const tabTo = async (id: string) => {
      for (let i = 0; i < 40 && (await focus()) !== id; i += 1) await page.keyboard.press("Tab");
      expect(await focus()).toBe(id);
    };
    await tabTo("steps");
    await page.keyboard.type("500");
    await tabTo("runs");
    await page.keyboard.type("1000");
    await tabTo("seed");
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await bandsDrawn(page, 500, 1000);

    await tabTo("bands");
    // At the start there is nothing on the left; up and down are the page's own keys.
    await page.keyboard.press("ArrowLeft");
    const top = await page.evaluate(() => scrollY);
    await page.keyboard.press("ArrowDown");
    await until(() => page.evaluate((before) => scrollY > before, top), { what: "the page scrolls" });
    expect(await page.getByRole("radio", { name: "First orbits" }).isChecked()).toBe(true);
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await settled(page);
    const { from, to } = await bands(page);
    expect(Number(from)).toBeGreaterThan(2.6);
    expect(Number(to) - Number(from)).toBeCloseTo(16 / 1.5, 6);

    await tabTo("instant");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await settled(page);
    expect(Number((await bands(page))["time"])).toBeGreaterThan(Number(from));
    expect(await page.locator("#instant").getAttribute("aria-valuetext")).toMatch(
      /^time [\d.]+, step \d+\. x median −?[\d.]+, half of the runs −?[\d.]+ to −?[\d.]+\. y .* Distance .* Energy error .* ejected\.$/,
    );

    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("0");
    await settled(page);
    expect(Number((await bands(page))["to"])).toBeGreaterThan(20);
    await page.keyboard.press("Tab");
    expect(errors).toEqual([]);
    await close();
  });

  test("who does not see it hears how far the runs hold, and reads what the bands show", async () => {
    const { page, close } = await visit(browser, platform.url + path);
    await bandsDrawn(page, 500, 1000);
    expect(await page.locator("#live").innerText()).toMatch(/^The picture of 1,000 runs of 500 steps is drawn\. Half of the 1,000 runs/);
    expect(await page.locator("#bands").getAttribute("aria-describedby")).toContain("bands-text");
    expect(await page.locator("#bands-text").textContent()).toMatch(/^Bands over 1,000 runs, from time 0 to 16: x, y and distance of the satellite relative to the planet/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("bands");
    await close();
  });
});
