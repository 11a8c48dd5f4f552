import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/paths.mjs";
import { temporaryFolder } from "../../support/part";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const checkout = join(folder.path, "porta");
const porta = "services/propagation/src/porta";
const FILES = [
  ...[".npmrc", ".yarnrc.yml", "package.json", "package-lock.json", "scripts", "services/frontend/package.json"],
  ...readdirSync(join(root, porta)).filter((name) => name.endsWith(".json")).map((name) => join(porta, name)),
];

/** The others, real ones: the oldest and the newest of each that people have. */
const OTHERS = { "pnpm-9": "pnpm@9.15.9", "pnpm-12": "pnpm@12.21.0", "yarn-1": "yarn@1.22.22", "yarn-4": "@yarnpkg/cli-dist@4.18.1" };

beforeAll(() => {
  const packages = Object.entries(OTHERS).map(([name, version]) => `${name}@npm:${version}`);
  mkdirSync(checkout);
  for (const file of FILES) cpSync(join(root, file), join(checkout, file), { recursive: true });
  execFileSync("npm", ["install", "--prefix", join(folder.path, "others"), "--no-audit", "--no-fund", ...packages], { stdio: "pipe" });
}, 300_000);

/** Types a command of another package manager in the checkout. Returns what it says, in one line. */
function type(name: keyof typeof OTHERS, ...args: string[]): { status: number | null; said: string } {
  const modules = join(folder.path, "others/node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(modules, "package.json"), "utf8")) as { bin: Record<string, string> | string };
  const program = join(modules, typeof bin === "string" ? bin : (bin.pnpm ?? bin.yarn ?? ""));
  const [command, first] = /\.c?js$/.test(program) ? [process.execPath, [program]] : [program, []];
  const env = { ...process.env, HOME: folder.path, npm_execpath: undefined, PORT: "0", CI: "", NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], { cwd: checkout, encoding: "utf8", env });
  return { status, said: (stdout + stderr).replaceAll(/\s+/g, " ") };
}

const NPM = /Porta is set up with npm|This project is configured to use npm/;

describe("another package manager", () => {
  test.each(
    (Object.keys(OTHERS) as (keyof typeof OTHERS)[]).flatMap((name) => [[name, ["start"]], [name, ["run", "start"]], [name, ["test", "ruff"]]] as const),
  )("%s %j says that npm is to be typed, shows no stack, and leaves nothing behind", (name, args) => {
    const before = readdirSync(checkout);
    const { status, said } = type(name, ...args);
    expect(status).not.toBe(0);
    expect(said).toMatch(NPM);
    expect(said).not.toMatch(/ at \S+ \(/);
    expect(readdirSync(checkout)).toEqual(before);
  }, 120_000);

  test.each(["pnpm-12", "yarn-1", "yarn-4"] as const)("%s install says so too, before it installs anything", (name) => {
    const before = readdirSync(checkout);
    expect(type(name, "install").said).toMatch(NPM);
    expect(readdirSync(checkout)).toEqual(before);
  }, 120_000);

  test.each(["/opt/bun/bin/bun", "/usr/lib/pnpm/pnpm.cjs", "/x/.yarn/releases/yarn-4.9.1.cjs"])("that runs our scripts as %s is told the command to type", (execPath) => {
    const env = { ...process.env, npm_execpath: execPath, npm_lifecycle_event: "start" };
    const args = ["-r", "./scripts/place.cjs", "scripts/start.mjs", "--jupyter"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: checkout, encoding: "utf8", env });
    expect(status).toBe(1);
    expect(stderr).toMatch(/Porta is set up with npm, not with (bun|pnpm|yarn)\. Type: npm start -- --jupyter/);
  });

  test("under which npm start is typed does not matter: npm runs it then", () => {
    const env = { ...process.env, npm_execpath: "/opt/pnpm/pnpm.cjs", npm_config_user_agent: "pnpm/9.15.9 npm/? node/v22", PORT: "0" };
    const { stdout, stderr } = spawnSync("npm", ["start"], { cwd: checkout, encoding: "utf8", env });
    expect(stdout + stderr).toContain('PORT is "0"');
  });
});
