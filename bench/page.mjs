// How soon the picture is there after `ready`, at any N: the page marks both moments.
import { findChromium } from "../scripts/setup/chromium.mjs";
import { startPlatform } from "./platform.mjs";

const ROUNDS = 5;

const { chromium } = await import("playwright-core");
const platform = await startPlatform();
const browser = await chromium.launch(findChromium());

/** @param {number[]} values */
const worst = (values) => Math.max(...values);

try {
  for (const steps of [1, 500, 50_000, 1_000_000]) {
    const drawn = [];
    const fetched = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.goto(`${platform.url}/propagation/${steps}`);
      const marks = await page.waitForFunction(
        () => {
          const [ready] = performance.getEntriesByName("porta:ready");
          const [shown] = performance.getEntriesByName("porta:drawn");
          return ready && shown ? shown.startTime - ready.startTime : undefined;
        },
        undefined,
        { timeout: 120_000 },
      );
      drawn.push(/** @type {number} */ (await marks.jsonValue()));
      fetched.push(
        await page.evaluate(async (url) => {
          const began = performance.now();
          // @ts-expect-error this runs in the browser, and Node's fetch knows no cache
          await (await fetch(url, { cache: "reload" })).arrayBuffer();
          return performance.now() - began;
        }, `/propagation/${steps}/overview`),
      );
      await context.close();
    }
    const [value, beside] = [worst(drawn), worst(fetched)];
    const name = `ready to picture, N = ${steps.toLocaleString("en-US")}, slowest of ${ROUNDS}`;
    console.log(
      JSON.stringify({ name, value, unit: "ms", goal: "≤ 300", beside: { name: "the overview alone", value: beside }, ratio: value / beside }),
    );
  }
} finally {
  await browser.close();
  await platform.stop();
}
