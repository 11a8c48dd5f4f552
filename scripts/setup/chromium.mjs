import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Problem } from "../problem.mjs";
import { canBringChromium, installChromium, ownChromium } from "./own-chromium.mjs";

/**
 * A browser as Playwright's `launch` takes it.
 * @typedef {{ executablePath: string, args: string[], env?: Record<string, string> }} LaunchOptions
 */

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** macOS keeps applications off PATH. */
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Playwright's folders for a whole Chromium and for one that never has a window. */
const PLAYWRIGHT_FOLDER = /^chromium(_headless_shell)?-(\d+)$/;

/** The program below such a folder, by platform and age of the download. */
const IN_PLAYWRIGHT = [
  "chrome-linux64/chrome",
  "chrome-linux/chrome",
  "chrome-headless-shell-linux64/chrome-headless-shell",
  "chrome-linux/headless_shell",
  "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
  "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
  "chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
  "chrome-headless-shell-mac-arm64/chrome-headless-shell",
  "chrome-headless-shell-mac-x64/chrome-headless-shell",
];

/**
 * The sandbox does not start for root, nor in most containers; the tests open only our own pages. Containers often have 64 MB of shared
 * memory, which is too little: Chromium uses files instead.
 */
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** Starting a browser takes a second; on a machine that is busy, many. */
const VERSION_MS = 60_000;

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

/**
 * Distributions have stubs that only name a package to install, and a download may lack system libraries.
 * @param {{ executablePath: string, env?: Record<string, string> }} browser
 * @returns {string | undefined} why it does not run; undefined if it does
 */
function whyNot({ executablePath, env }) {
  try {
    execFileSync(executablePath, ["--version"], { stdio: "pipe", timeout: VERSION_MS, env: { ...process.env, ...env } });
    return undefined;
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: Buffer }} */ (error);
    return stderr?.toString().trim().split("\n")[0] || message;
  }
}

/** @returns {string[]} programs that Playwright has downloaded, newest first */
function fromPlaywright() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ||
    join(homedir(), process.platform === "darwin" ? "Library/Caches/ms-playwright" : ".cache/ms-playwright");
  /** @param {string} name */
  const revision = (name) => Number(PLAYWRIGHT_FOLDER.exec(name)?.[2]);
  try {
    return readdirSync(cache)
      .filter((name) => PLAYWRIGHT_FOLDER.test(name))
      .sort((one, other) => revision(other) - revision(one))
      .flatMap((name) => IN_PLAYWRIGHT.map((program) => join(cache, name, program)));
  } catch {
    return [];
  }
}

/** @returns {string[]} the browsers of this machine, those to prefer first */
function candidates() {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...(process.platform === "darwin" ? APPLICATIONS : []), ...fromPlaywright()].filter(isProgram);
}

/**
 * Finds a Chromium or Chrome that runs: `CHROME_PATH`, else on PATH, else among Playwright's downloads, else the one that `npm test` brings.
 * @returns {LaunchOptions}
 * @throws {Problem} when there is none, or when `CHROME_PATH` does not run
 */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    const reason = isProgram(chosen) ? whyNot({ executablePath: chosen }) : "it is no program";
    if (reason === undefined) return { executablePath: chosen, args: ARGS };
    throw new Problem(`CHROME_PATH is "${chosen}", which does not run: ${reason}.\nSet it to a Chromium or Chrome, or unset it.`);
  }
  /** @type {string[]} */
  const reasons = [];
  const own = ownChromium();
  for (const browser of [...candidates().map((executablePath) => ({ executablePath })), ...(own === undefined ? [] : [own])]) {
    const reason = whyNot(browser);
    if (reason === undefined) return { ...browser, args: ARGS };
    reasons.push(`\n${browser.executablePath} does not run: ${reason}`);
  }
  throw new Problem(
    `There is no browser for the tests: none of ${NAMES.join(", ")} is on PATH, CHROME_PATH is not set, and Playwright has downloaded none.` +
      `${reasons.join("")}\n${wayOut()}`,
  );
}

/** @returns {string} */
function wayOut() {
  if (canBringChromium()) return "Bring one: npm test -- browser";
  const playwright = `npx playwright-core install ${process.platform === "linux" ? "--with-deps " : ""}chromium`;
  return (
    `For this platform (${process.platform}, ${process.arch}) npm test cannot bring one. ` +
    `Download one with \`${playwright}\`, or install Chrome or Chromium, or set CHROME_PATH to one.`
  );
}

/**
 * Brings a Chromium into the checkout where the machine has none that runs.
 * @param {import("../terminal.mjs").Terminal} terminal
 * @throws {Problem} when none can be had
 */
export async function ensureChromium(terminal) {
  try {
    findChromium();
  } catch (error) {
    if (process.env.CHROME_PATH || !canBringChromium()) throw error;
    await terminal.step("Chromium for the tests", installChromium);
    findChromium();
  }
}
