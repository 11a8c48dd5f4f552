import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "../../../scripts/paths.mjs";
import { canBringChromium } from "../../../scripts/setup/own-chromium.mjs";
import { temporaryFolder } from "../../support/part";

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Launch {
  executablePath: string;
  args: string[];
  env?: Record<string, string>;
}

// A checkout that has brought nothing yet. Its name has what separates the entries of a search path, and what a URL would read.
const checkout = join(folder.path, "a;b c:d#e%20é");
const bin = join(folder.path, "bin");

beforeAll(() => {
  cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
  for (const file of [".npmrc", "package.json", "package-lock.json", "fonts.conf", "unpack.mjs"]) {
    cpSync(join(root, "tools/chromium", file), join(checkout, "tools/chromium", file));
  }
  writeFileSync(
    join(folder.path, "ask.mjs"),
    `import { pathToFileURL } from "node:url";
    const load = (name) => import(pathToFileURL(${JSON.stringify(join(checkout, "scripts"))} + "/" + name).href);
    const [{ ensureChromium, findChromium }, { Terminal }] = [await load("setup/chromium.mjs"), await load("terminal.mjs")];
    try {
      if (process.argv[2] === "ensure") await ensureChromium(new Terminal(process.stderr));
      console.log(JSON.stringify(findChromium()));
    } catch (error) {
      console.log(error.name + ": " + error.message);
    }`,
  );
  // Node and npm, and no browser.
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  symlinkSync(execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim(), join(bin, "npm"));
  symlinkSync("/bin/sh", join(bin, "sh"));
});

/** Asks for the browser in a Node of its own: its launch options, or the error. */
function find(env: NodeJS.ProcessEnv = {}, how = "find"): string {
  return execFileSync(process.execPath, [join(folder.path, "ask.mjs"), how], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { HOME: folder.path, PATH: bin, npm_config_cache: process.env.npm_config_cache, NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS, ...env },
  }).trim();
}
const found = (env: NodeJS.ProcessEnv): string => (JSON.parse(find(env)) as Launch).executablePath;

function program(path: string, script = "exit 0"): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("the browser for the tests", () => {
  test("that is missing is an error in words, which says how to get one", () => {
    expect(find()).toMatch(/^Problem: There is no browser for the tests[^]*(npm test -- browser|playwright-core install)/);
  });

  test("is the one that CHROME_PATH names, or an error that quotes it with the reason", () => {
    const chosen = program(join(folder.path, "my-chrome"));
    expect(found({ CHROME_PATH: chosen })).toBe(chosen);
    expect(find({ CHROME_PATH: "/nowhere/chrome" })).toMatch(/CHROME_PATH is "\/nowhere\/chrome", which does not run: it is no program/);
    const stub = program(join(folder.path, "stub"), "echo 'requires the chromium snap' >&2; exit 1");
    expect(find({ CHROME_PATH: stub }, "ensure")).toMatch(/stub", which does not run: requires the chromium snap/);
  });

  test("is the one on PATH, else the newest that Playwright has downloaded", () => {
    const cache = join(folder.path, "playwright");
    program(join(cache, "chromium-999", "chrome-linux", "chrome"));
    const newest = program(join(cache, "chromium-1187", "chrome-linux64", "chrome"));
    expect(found({ PLAYWRIGHT_BROWSERS_PATH: cache })).toBe(newest);
    const windowless = program(join(cache, "chromium_headless_shell-1200", "chrome-headless-shell-linux64", "chrome-headless-shell"));
    expect(found({ PLAYWRIGHT_BROWSERS_PATH: cache })).toBe(windowless);
    const installed = program(join(folder.path, "browser-bin", "chromium"));
    expect(found({ PLAYWRIGHT_BROWSERS_PATH: cache, PATH: join(folder.path, "browser-bin") })).toBe(installed);
  });

  test("is never one that is there and does not run: a distribution's stub, or a download without its libraries", () => {
    const cache = join(folder.path, "lame");
    program(join(cache, "chromium-1300", "chrome-linux64", "chrome"), "echo 'libnss3.so: cannot open shared object file' >&2; exit 127");
    const good = program(join(cache, "chromium-1187", "chrome-linux64", "chrome"));
    program(join(folder.path, "stub-bin", "chromium-browser"), "echo 'requires the chromium snap' >&2; exit 1");
    expect(found({ PLAYWRIGHT_BROWSERS_PATH: cache, PATH: join(folder.path, "stub-bin") })).toBe(good);
    expect(find({ PATH: join(folder.path, "stub-bin") })).toMatch(/stub-bin\/chromium-browser does not run: requires the chromium snap/);
  });

  test("is brought by the tests where there is none, and shows a page without anything from the system", async () => {
    if (!canBringChromium()) {
      expect(find({}, "ensure")).toMatch(/npm test cannot bring one[^]*npx playwright-core install/);
      return;
    }
    const launch = JSON.parse(find({}, "ensure")) as Launch;
    expect(launch.executablePath).toContain(checkout);
    expect(JSON.parse(find())).toEqual(launch); // it stays
    const browser = await chromium.launch(launch);
    const page = await browser.newPage();
    await page.setContent("<b style='font: 20px sans-serif'>iiii</b> <b style='font: 20px sans-serif'>MMMM</b>");
    const [narrow = 0, wide = 0] = await page.$$eval("b", (all) => all.map((one) => one.getBoundingClientRect().width));
    await browser.close();
    expect(narrow).toBeGreaterThan(0);
    expect(wide).toBeGreaterThan(2 * narrow); // a font is there
  }, 300_000);
});
