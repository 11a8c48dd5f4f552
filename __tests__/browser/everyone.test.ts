import type { Browser } from "playwright-core";
import { launchBrowser, startPlatform, until, type Platform } from "../support";
import { complaints, desktop, phone, smallControls } from "./accessible";
import { drawn, openNumbers, plane, settled, visit } from "./visit";

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test.each([
    ["the start", "/", desktop],
    ["a result", "/propagation/500", desktop],
    ["a result on a phone", "/propagation/500", phone],
  ])("axe finds nothing to complain about on %s", async (_, path, viewport) => {
    const { page, close } = await visit(browser, platform.url + path, { colorScheme, viewport });
    if (path !== "/") await drawn(page, 500);
    expect(await complaints(page)).toEqual([]);
    await close();
  });

  test("axe finds nothing to complain about on bad input, and with the numbers open", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`, { colorScheme });
    await drawn(page, 500);
    await openNumbers(page);
    await page.getByRole("textbox", { name: "Steps" }).fill("0");
    await page.keyboard.press("Enter");
    expect(await page.locator("#rows tr").count()).toBe(20);
    expect(await complaints(page)).toEqual([]);
    await close();
  });
});

describe("a phone", () => {
  test.each(["/", "/propagation/500", "/propagation/500#frame=inertial&span=all"])("shows %s without scrolling sideways", async (path) => {
    const { page, close } = await visit(browser, platform.url + path, { viewport: phone, hasTouch: true, isMobile: true });
    if (path !== "/") await drawn(page, 500);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await smallControls(page)).toEqual([]);
    await close();
  });

  test("zooms with two fingers", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`, { viewport: phone, hasTouch: true, isMobile: true });
    await drawn(page, 500);
    const before = Number((await plane(page))["width"]);
    const box = await page.locator("#plane").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 150, (box?.y ?? 0) + 150];
    const touch = await page.context().newCDPSession(page);
    const fingers = (apart: number) => [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(30) });
    for (const apart of [50, 70, 90]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await settled(page);
    expect(Number((await plane(page))["width"])).toBeCloseTo(before / 3, 1);
    await close();
  });
});

describe("the keyboard alone", () => {
  test("asks, looks closer, changes frame and span, plays and scrubs", async () => {
    const { page, errors, close } = await visit(browser, platform.url);
    const focus = () => page.evaluate(() => document.activeElement?.id ?? "");
    const tabTo = async (id: string) => {
      for (let i = 0; i < 40 && (await focus()) !== id; i += 1) await page.keyboard.press("Tab");
      expect(await focus()).toBe(id);
    };
    await tabTo("steps");
    await page.keyboard.type("500");
    await page.keyboard.press("Enter");
    await drawn(page, 500);

    await tabTo("plane");
    const { width } = await plane(page);
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowLeft");
    await settled(page);
    expect(Number((await plane(page))["width"])).toBeCloseTo(Number(width) / 1.5, 2);
    await page.keyboard.press("0");
    await settled(page);
    expect((await plane(page))["width"]).toBe(width);

    await page.keyboard.press("Space");
    await until(async () => Number((await plane(page))["time"]) > 0 && Number((await plane(page))["time"]) < 15, { what: "the satellite to move" });
    await page.keyboard.press("Space");

    await tabTo("time");
    await page.keyboard.press("Home");
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
    // What is said of a moment is written with its picture, in the next frame.
    await settled(page);
    expect(await page.locator("#time").getAttribute("aria-valuetext")).toBe("step 3 of 470");

    await page.keyboard.press("Shift+Tab");
    for (let i = 0; i < 40 && !(await page.evaluate(() => (document.activeElement as HTMLInputElement).name === "span")); i += 1) {
      await page.keyboard.press("Shift+Tab");
    }
    await page.keyboard.press("ArrowRight");
    await settled(page);
    expect(await plane(page)).toMatchObject({ span: "all" });
    expect(errors).toEqual([]);
    await close();
  });

  test("can skip to the picture", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`);
    await drawn(page, 500);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("plane");
    await close();
  });
});

describe("who does not see it", () => {
  test("hears that the picture is drawn and how far to trust it, once", async () => {
    const { page, close } = await visit(browser, `${platform.url}/propagation/500`);
    await drawn(page, 500);
    expect(await page.locator("#live").innerText()).toMatch(/^The picture of 500 steps is drawn\. The first 470 of 500 steps can be trusted/);
    expect(await page.locator("#plane").getAttribute("aria-describedby")).toContain("plane-text");
    expect(await page.locator("#plane-text").textContent()).toMatch(/path over 470 steps relative to the planet, beside the exact Kepler orbit/);
    await close();
  });
});

test("who asked for little motion gets a still start, and playing in still pictures", async () => {
  const { page, close } = await visit(browser, platform.url, { reducedMotion: "reduce" });
  const time = async () => (await plane(page))["time"];
  await settled(page);
  const start = await time();
  expect(start).toBeDefined();
  for (let i = 0; i < 10; i += 1) await settled(page);
  expect(await time()).toBe(start);
  await page.goto(`${platform.url}/propagation/500`);
  await drawn(page, 500);
  await page.getByRole("button", { name: "Play" }).click();
  const seen = await page.evaluate(async () => {
    const times = new Set<string>();
    const began = performance.now();
    while (performance.now() - began < 2500) {
      await new Promise(requestAnimationFrame);
      times.add(document.getElementById("plane")?.dataset["time"] ?? "");
    }
    return times.size;
  });
  expect(seen).toBeGreaterThan(1);
  expect(seen).toBeLessThan(9);
  await close();
});
