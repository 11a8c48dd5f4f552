import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../scripts/paths.mjs";
import { nodeModulesLoad, nodeModulesMatch } from "../../../scripts/setup/node-modules.mjs";
import { isForThisPlatform } from "../../../scripts/setup/platform-packages.mjs";
import { temporaryFolder } from "../../support/part";

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Entry {
  os?: string[];
  cpu?: string[];
  version?: string;
}
type Packages = Record<string, Entry>;
const packagesOf = (file: string): Packages => (JSON.parse(readFileSync(file, "utf8")) as { packages: Packages }).packages;

// esbuild alone, as this project locks it: small, with a program of its own for each platform.
const checkout = join(folder.path, "checkout");
const modules = join(checkout, "node_modules");
const noted = join(modules, ".package-lock.json");
const home = join(folder.path, "home");

const [native = ""] = Object.entries(packagesOf(join(root, "package-lock.json")))
  .filter(([path, entry]) => path.startsWith("node_modules/@esbuild/") && isForThisPlatform(entry))
  .map(([path]) => path);
const program = join(checkout, native, "bin/esbuild");

beforeAll(() => {
  mkdirSync(checkout);
  mkdirSync(home);
  const all = packagesOf(join(root, "package-lock.json"));
  const esbuild = Object.entries(all).filter(([path]) => /^node_modules\/(esbuild$|@esbuild\/)/.test(path));
  const project = { name: "small", version: "1.0.0", devDependencies: { esbuild: all["node_modules/esbuild"]?.version } };
  writeFileSync(join(checkout, "package.json"), JSON.stringify(project));
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ ...project, lockfileVersion: 3, packages: { "": project, ...Object.fromEntries(esbuild) } }));
});
beforeEach(() => rmSync(modules, { recursive: true, force: true }));

/** Installs as the set-up does, for a user with this configuration. */
function install(npmrc: string, env: NodeJS.ProcessEnv = {}): void {
  writeFileSync(join(home, ".npmrc"), npmrc);
  const url = pathToFileURL(join(root, "scripts/setup/node-modules.mjs")).href;
  const code = `import(${JSON.stringify(url)}).then(({ npmCi }) => npmCi(process.argv[1], { name: "small" })).catch((e) => { console.error(e.message); process.exit(1); })`;
  execFileSync(process.execPath, ["-e", code, checkout], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: home, npm_config_userconfig: join(home, ".npmrc"), PORTA_HOME: join(folder.path, "porta"), ...env },
  });
}

/** Types npm as a user does, with what makes an installation unfit here. */
const npm = (...args: string[]): Buffer => execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd: checkout, stdio: "pipe" });

describe("node_modules", () => {
  test("without the packages for this platform is stale, though they are optional", () => {
    npm("ci", "--omit=optional");
    expect(existsSync(join(modules, "esbuild"))).toBe(true);
    expect(nodeModulesMatch(checkout)).toBe(false);
  }, 120_000);

  test.each([
    ["another system", { os: process.platform === "darwin" ? "linux" : "darwin" }],
    ["another processor", { cpu: process.arch === "arm64" ? "x64" : "arm64" }],
  ])("that was made on %s is stale", (_, { os = process.platform, cpu = process.arch }: { os?: string; cpu?: string }) => {
    npm("ci", `--os=${os}`, `--cpu=${cpu}`);
    expect(nodeModulesMatch(checkout)).toBe(false);
  }, 120_000);

  test.each([
    ["leaves optional packages out", "omit[]=optional\nomit[]=dev\n"],
    ["is for production", "production=true\nonly=prod\n"],
    ["names another platform", "os=win32\ncpu=ia32\n"],
    ["wants links instead of folders, and strict engines", "install-strategy=linked\nengine-strict=true\nignore-scripts=true\n"],
  ])("is made whole for a user whose .npmrc %s", (_, npmrc) => {
    install(npmrc, { NODE_ENV: "production", npm_config_omit: "optional dev" });
    expect(nodeModulesMatch(checkout)).toBe(true);
    expect(nodeModulesLoad(checkout)).toBe(true);
    expect(existsSync(join(modules, "esbuild/bin/esbuild"))).toBe(true);
  }, 120_000);

  test("whose native programs are there but do not run does not load", () => {
    install("");
    expect(nodeModulesLoad(checkout)).toBe(true);
    truncateSync(program, 1000); // as a disk that was full leaves it
    expect(nodeModulesMatch(checkout)).toBe(true);
    expect(nodeModulesLoad(checkout)).toBe(false);
  }, 120_000);

  test("whose native module is of another platform, under the right name, does not load", () => {
    install("");
    mkdirSync(join(checkout, native, "lib"));
    const module = join(checkout, native, "lib/binding.node");
    writeFileSync(module, "\x7fELF of another machine");
    expect(nodeModulesLoad(checkout)).toBe(false);
  }, 120_000);

  test("that npm has noted for another platform under names of this one's folders is stale", () => {
    install("");
    const lock = JSON.parse(readFileSync(noted, "utf8")) as { packages: Packages };
    const { [native]: own, ...others } = lock.packages;
    writeFileSync(noted, JSON.stringify({ ...lock, packages: { ...others, "node_modules/@esbuild/other": own } }));
    renameSync(join(checkout, native), join(modules, "@esbuild/other"));
    expect(nodeModulesMatch(checkout)).toBe(false);
  }, 120_000);
});

test.each([
  [{ os: [process.platform] }, true],
  [{ os: [process.platform], cpu: [process.arch] }, true],
  [{ os: ["!win32"], cpu: ["any"] }, true],
  [{ os: [`!${process.platform}`] }, false],
  [{ os: ["aix"] }, false],
  [{ os: [process.platform], cpu: ["mips"] }, false],
  [{}, false], // optional for another reason
])("a package with %j is for this platform alone: %s", (constraints, expected) => {
  expect(isForThisPlatform(constraints)).toBe(expected);
});

test("every package of this checkout that holds what is native is there and loads", () => {
  expect(nodeModulesMatch()).toBe(true);
  expect(nodeModulesLoad()).toBe(true);
});
