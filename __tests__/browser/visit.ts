import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page in a context of its own, and what went wrong on it. */
export interface Visit {
  readonly page: Page;
  /** Errors of the console, uncaught exceptions, violations of the content security policy. */
  readonly errors: string[];
  /** Path and query of every request to a propagation or an ensemble, without the engine. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => {
    // The tests read pixels back, which the browser advises against.
    if (/getImageData/.test(message.text())) return;
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (/^\/(propagation\/[^/]+|ensemble\/[^/]+\/[^/]+)\//.test(pathname)) requests.push(pathname + search.replace(/([?&])v=\d+&?/, "$1").replace(/[?&]$/, ""));
  });
  await page.goto(url);
  return { page, errors, requests, close: () => context.close() };
}

/** Waits until the whole result is drawn. */
export async function drawn(page: Page, steps: number): Promise<void> {
  await page.waitForSelector(`[data-phase="shown"] #plane[data-steps="${steps}"]`, { timeout: 120_000 });
  await settled(page);
}

/** Waits until all runs of an ensemble are drawn. */
export async function bandsDrawn(page: Page, steps: number, runs: number): Promise<void> {
  await page.waitForSelector(`[data-phase="shown"] #bands[data-steps="${steps}"][data-runs="${runs}"]`, { timeout: 300_000 });
  await settled(page);
}

/** What the page tells of work that goes on. */
export interface Partial {
  /** Of what is drawn: see plane() and bands(). */
  readonly said: Record<string, string>;
  /** 0 … 1 */
  readonly bar: number;
  readonly done: string;
  readonly moment: string;
}

/**
 * Waits for a part of the picture: until what `host` counts under `names` is more than a handful. All is read at one moment: on a
 * quick machine the work may be done at the next.
 */
export async function partial(page: Page, host: "plane" | "bands", names: readonly string[]): Promise<Partial> {
  const read = await page.waitForFunction(
    ([id, counted]) => {
      const said = { ...document.getElementById(id)?.dataset } as Record<string, string>;
      const known = counted.reduce((sum, name) => sum + Number(said[name] ?? 0), 0);
      const working = document.body.dataset["phase"] === "computing" && document.getElementById("work")?.hidden === false;
      if (!working || known <= 5) return null;
      const text = (of: string) => document.getElementById(of)?.innerText ?? "";
      return { said, bar: Number(document.getElementById("bar")?.getAttribute("value")), done: text("done"), moment: text("moment") };
    },
    [host, names] as const,
    { timeout: 300_000 },
  );
  return (await read.jsonValue()) as Partial;
}

/** Waits until everything asked for is drawn: two frames. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Opens the picture in numbers. Its table is filled when the browser tells that it is open, which is after the click. */
export async function openNumbers(page: Page): Promise<void> {
  await page.getByText("The picture in numbers").first().click();
  await page.locator("#rows tr").first().waitFor();
}

/** What the picture of a run says of itself. */
export const plane = (page: Page): Promise<Record<string, string>> => sayings(page, "#plane");

/** What the charts of an ensemble say of themselves. */
export const bands = (page: Page): Promise<Record<string, string>> => sayings(page, "#bands");

function sayings(page: Page, selector: string): Promise<Record<string, string>> {
  return page.locator(selector).evaluate((host) => ({ ...(host as HTMLElement).dataset }) as Record<string, string>);
}

/**
 * Pixels of a colour of the style sheet in a canvas of `host`: layer 0 holds the paths, layer 1 what moves. Edges are
 * smoothed, so only pixels close to the very colour count.
 */
export function pixels(page: Page, host: "plane" | "chart" | "band-x" | "band-y" | "band-distance" | "band-error" | "ejections", layer: 0 | 1, color: string): Promise<number> {
  return page.evaluate(
    ([id, index, name]) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>(`#${id} canvas`)[Number(index)];
      const context = canvas?.getContext("2d");
      if (!canvas || !context) return -1;
      const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const far = Math.abs((data[i] ?? 0) - red) + Math.abs((data[i + 1] ?? 0) - green) + Math.abs((data[i + 2] ?? 0) - blue);
        if (far < 24 && (data[i + 3] ?? 0) > 128) count += 1;
      }
      return count;
    },
    [host, String(layer), color] as const,
  );
}

export async function boxOf(page: Page, selector: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not on the page`);
  return box;
}

/** Where the satellite stands in the picture, in its pixels: the middle of the disc that is drawn beyond trust. */
export function endOfPath(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>("#plane canvas")[1];
    const context = canvas?.getContext("2d");
    if (!canvas || !context) throw new Error("no picture");
    const hex = getComputedStyle(document.documentElement).getPropertyValue("--beyond").trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height);
    let [count, x, y] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (!wanted.every((value, channel) => Math.abs((data[i + channel] ?? 0) - value) < 8) || (data[i + 3] ?? 0) < 200) continue;
      count += 1;
      x += (i / 4) % width;
      y += Math.floor(i / 4 / width);
    }
    const scale = canvas.width / canvas.clientWidth;
    return { x: x / count / scale, y: y / count / scale };
  });
}
