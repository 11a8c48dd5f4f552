import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/paths.mjs";
import { temporaryFolder } from "../../support/part";
import { AWKWARD } from "../support/awkward";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Types a command of npm in a checkout of that name. */
function type(name: string, command: string, ...args: string[]): { status: number | null; said: string } {
  const checkout = join(folder.path, name, "porta");
  for (const path of ["package.json", "scripts"]) cpSync(join(root, path), join(checkout, path), { recursive: true });
  const { status, stdout, stderr } = spawnSync("npm", [command, "--", ...args], { cwd: checkout, encoding: "utf8" });
  return { status, said: stdout + stderr };
}

describe.each(["start", "test"])("npm %s in a folder", (command) => {
  test.each([
    ["back\\slash", "a backslash"],
    ["a:b", "a colon"],
    ["what?", "a question mark"],
    ["two\nlines", "a line break"],
  ])("%j, where a tool cannot work, says so in a sentence with the way out", (name, sign) => {
    const { status, said } = type(name, command);
    expect(status).toBe(1);
    expect(said).toContain(`Porta cannot run from ${JSON.stringify(join(folder.path, name, "porta"))}: there is ${sign}`);
    expect(said).toContain("Move the checkout into a folder without it");
    expect(said).not.toMatch(/^\s+at /m);
  });

  // What comes after that is tested where it is done anyway: in an environment and in a clone of such a name.
  test("of any other name goes on", () => {
    const { said } = type(AWKWARD, command, "--unknown");
    expect(said).not.toContain("cannot run from");
    expect(said).toMatch(/--unknown/);
  });
});

test("npm test finds the tests in a folder of any name, C++ as well", () => {
  const checkout = join(folder.path, AWKWARD, "tests");
  for (const path of ["package.json", "jest.config.mjs", "__tests__/page/input.test.ts", "__tests__/cluster/release.test.ts"]) {
    cpSync(join(root, path), join(checkout, path));
  }
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules/jest/bin/jest.js"), "--listTests"], { cwd: checkout, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe(join(checkout, "__tests__/page/input.test.ts"));
});

test("what says so can be read by an old Node", () => {
  const code = readFileSync(join(root, "scripts/place.cjs"), "utf8").replaceAll(/\/\/.*|\/\*.*\*\//g, "");
  expect(code).not.toMatch(/\?\?|\?\.|=>|`|\b(const|let|import)\b/);
});
