import { execFileSync, spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { root } from "../../../scripts/paths.mjs";

/** Types `npm test -- ...` in a shell that has no program on PATH: its output, up to the first thing that it says is wrong. */
function typeTest(...parts: string[]): string {
  try {
    return execFileSync(process.execPath, [join(root, "scripts/test.mjs"), ...parts], { encoding: "utf8", stdio: "pipe", env: { PATH: "/nowhere" } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

describe("npm test on a machine that lacks a program", () => {
  test("names it at once, with what needs it and the way out, and shows no stack", () => {
    const said = typeTest("tsc", "local");
    expect(said).toContain("git is not on PATH: the parts jest and local of the tests need it");
    expect(said).toContain("sudo apt install git");
    expect(said).not.toMatch(/^\s+at /m);
  });

  test("says how many files it needs to open, where it may open too few", () => {
    const command = `ulimit -n 1000 && exec "${process.execPath}" "${join(root, "scripts/test.mjs")}" jest`;
    const { stdout, stderr } = spawnSync("/bin/sh", ["-c", command], { encoding: "utf8" });
    expect(stdout + stderr).toMatch(/A process may open 1000 files here: the part jest of the tests needs 4096\..*ulimit/);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
  });

  test("runs the parts that need nothing of it", () => {
    const code = `import(${JSON.stringify(pathToFileURL(join(root, "scripts/test/needs.mjs")).href)}).then(({ checkNeeds }) => checkNeeds(["tsc", "pytest", "browser"]))`;
    expect(() => execFileSync(process.execPath, ["-e", code], { env: { PATH: "/nowhere" } })).not.toThrow();
  });
});
