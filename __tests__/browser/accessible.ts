import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(require.resolve("../../services/frontend/package.json")).resolve("axe-core/axe.min.js"), "utf8");

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 360, height: 740 };

/** What axe-core has to say against the page, in words. */
export async function complaints(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`));
  });
}

/** Controls that a finger would miss. */
export function smallControls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, select, form input, .segmented label")]
      .filter((control) => control.offsetParent !== null && Math.min(control.offsetHeight, control.offsetWidth) < 34)
      .map((control) => control.outerHTML),
  );
}
