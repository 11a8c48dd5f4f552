import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../scripts/setup/chromium.mjs";

/** A real browser without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Tests run as root in containers, where Chromium's own sandbox does not start; it sees only our own pages.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
