import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { isRunning } from "../../scripts/process/table.mjs";
import { launchBrowser, until } from "../support";
import { temporaryFolder } from "../support/part";
import { drawn, visit } from "../browser/visit";
import { allGone, Launcher } from "./launcher";
import { AWKWARD } from "./support/awkward";

/** Downloads everything, on a machine that is busy. */
const SET_UP_MS = 900_000;

const folder = temporaryFolder();
const checkout = join(folder.path, AWKWARD, "porta");
const home = join(folder.path, "home");
// A user without caches: npm, pip and uv keep theirs in HOME.
const own = { HOME: home, XDG_CACHE_HOME: undefined, UV_CACHE_DIR: undefined, npm_config_cache: undefined, NUMBA_CACHE_DIR: undefined };
// And one who has told the installers to put packages elsewhere, or nowhere: by variables, and by the files below.
const env = { ...own, PIP_USER: "1", PIP_REQUIRE_VIRTUALENV: "1", UV_OFFLINE: "1", UV_TARGET: "/nowhere", NODE_ENV: "production", npm_config_omit: "dev", PYTHONOPTIMIZE: "2" };
const PIP_CONF = "[global]\nuser = yes\ntarget = /nowhere\nprefix = /nowhere\nno-binary = :all:\n";
const NPMRC = "dry-run=true\npackage-lock=false\nbin-links=false\nomit[]=dev\n";

beforeAll(() => {
  mkdirSync(join(home, ".config", "pip"), { recursive: true });
  writeFileSync(join(home, ".config", "pip", "pip.conf"), PIP_CONF);
  writeFileSync(join(home, ".npmrc"), NPMRC);
  // What a clone would bring, with what is not committed yet.
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  for (const file of files.filter((name) => existsSync(join(root, name)))) cpSync(join(root, file), join(checkout, file));
});
afterAll(() => folder.remove());

describe("a clean clone, in a folder with an awkward name", () => {
  let porta: Launcher;

  test("lets Ctrl-C end the set-up, and leaves no process behind", async () => {
    porta = await Launcher.type(env, undefined, checkout);
    await until(() => existsSync(join(checkout, "node_modules")) && existsSync(join(checkout, ".venv")), {
      what: "set-up is under way",
      timeout: SET_UP_MS,
    });
    const processes = porta.processes();
    porta.pressCtrlC();
    await porta.ended;
    await allGone(processes);
    expect(porta.output).not.toContain("ready in");
    expect(processes.filter(isRunning)).toEqual([]);
  }, SET_UP_MS);

  test("sets itself up when npm start is typed again, and shows a picture", async () => {
    porta = await Launcher.type(env, porta, checkout);
    await porta.ready(SET_UP_MS);
    expect(porta.output).toMatch(/✓ Node packages[^]*✓ Page and server built/);
    expect(porta.output).toMatch(/✓ Python packages[^]*✓ Physics compiled/);
    const browser = await launchBrowser();
    const { page, errors, close } = await visit(browser, `${porta.url}/propagation/500`);
    await drawn(page, 500);
    expect(errors).toEqual([]);
    await close();
    await browser.close();
  }, SET_UP_MS);

  test("starts the next time without setting up anything", async () => {
    porta.pressCtrlC();
    await porta.ended;
    porta = await Launcher.type(env, porta, checkout);
    await porta.ready();
    expect(porta.output).not.toMatch(/packages|built|compiled/);
    await porta.stop();
  }, SET_UP_MS);
});
