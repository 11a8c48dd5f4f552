import type { Browser, Page } from "playwright-core";
import { roles } from "../../../stacks/roles";
import { launchBrowser } from "../../support/browser";
import { served } from "../support/clients";
import { metric } from "../support/dispatch";
import type { Platform } from "../support/platform";

/** The page through the Service's node port, and who computes when many ask at once. */
export function fromOutside(platform: Platform): void {
  let browser: Browser;
  beforeAll(async () => (browser = await launchBrowser()), 120_000);
  afterAll(() => browser.close());

  test("a browser asks for a number of steps and sees the picture; the second time it is a hit", async () => {
    const address = await platform.address();
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(address);
    await page.getByRole("textbox", { name: "Steps" }).fill("700");
    await page.getByRole("textbox", { name: "Steps" }).press("Enter");
    await page.waitForSelector('[data-phase="shown"] #plane[data-steps="700"]', { timeout: 120_000 });
    expect(await drawnPixels(page)).toBeGreaterThan(800);
    expect(errors).toEqual([]);
    await page.close();

    const again = await served(`${address}/propagation/700/summary`);
    expect(again.headers.get("x-cache")).toBe("hit");
  }, 180_000);

  test("both frontends, fifty clients each, one new number of steps: one computation, one answer", async () => {
    const frontends = await platform.pods("frontend");
    expect(frontends).toHaveLength(2);
    const { http } = roles.frontend.ports;
    const addresses = await Promise.all(frontends.map(({ metadata }) => platform.cluster.forward(`pod/${metadata.name}`, http)));
    const before = await metric(platform, "porta_graphs_started_total");
    const answers = await Promise.all(addresses.flatMap((address) => Array.from({ length: 50 }, async () => {
      const answer = await fetch(`${address}/propagation/41234/summary`);
      return { status: answer.status, cache: answer.headers.get("x-cache"), text: await answer.text() };
    })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ cache }) => cache === "miss")).toHaveLength(1);
    expect((await metric(platform, "porta_graphs_started_total")) - before).toBe(1);
  }, 180_000);
}

/** How many pixels of the picture have the colour of the path that can be trusted to 5 %. In the page: it has a document, we have none. */
function drawnPixels(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector("#plane canvas");
    const hex = getComputedStyle(document.documentElement).getPropertyValue("--trusted5").trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += wanted.every((value, channel) => Math.abs(data[i + channel] - value) < 24) ? 1 : 0;
    return count;
  })()`);
}
