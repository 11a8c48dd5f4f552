import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../scripts/setup/chromium.mjs";

/** A real browser without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(findChromium());
}
