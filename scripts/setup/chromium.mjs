import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Where a downloaded browser has its program, by platform and age of the download. */
const IN_PLAYWRIGHT = [
  "chrome-linux64/chrome",
  "chrome-linux/chrome",
  "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
  "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
];

/**
 * @param {string} path
 * @returns {boolean}
 */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string[]} programs that Playwright has downloaded, newest first */
function fromPlaywright() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    join(homedir(), process.platform === "darwin" ? "Library/Caches/ms-playwright" : ".cache/ms-playwright");
  try {
    return readdirSync(cache)
      .filter((name) => name.startsWith("chromium-"))
      .sort((one, other) => Number(other.slice("chromium-".length)) - Number(one.slice("chromium-".length)))
      .flatMap((name) => IN_PLAYWRIGHT.map((program) => join(cache, name, program)))
      .filter(isProgram);
  } catch {
    return [];
  }
}

/**
 * @returns {string} a Chromium or Chrome: `CHROME_PATH`, else on PATH, else what Playwright has downloaded
 * @throws {Error} when there is none, or `CHROME_PATH` is not a program
 */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen !== undefined && chosen !== "") {
    if (isProgram(chosen)) return chosen;
    throw new Error(`CHROME_PATH is "${chosen}", which is not a program. Set it to a Chromium or Chrome, or unset it.`);
  }
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = onPath.find(isProgram) ?? fromPlaywright()[0];
  if (found !== undefined) return found;
  throw new Error(
    `No browser for the tests: none of ${NAMES.join(", ")} is on PATH, CHROME_PATH is not set, and Playwright has none. ` +
      "Get one with `sudo apt install chromium`, or `npx playwright-core install --with-deps chromium`, or set CHROME_PATH.",
  );
}
