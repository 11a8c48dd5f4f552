import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { python, root } from "../../scripts/paths.mjs";
import { groupMembers, identify, isRunning, lookUp, processTree } from "../../scripts/process/table.mjs";
import { onPath } from "../../scripts/setup/python.mjs";
import { temporaryFolder } from "../support/part";
import { moduleAt } from "./support/awkward";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A folder with a `ps`, for a Linux that has none. */
function psFolder(): string {
  const program = `#!/bin/sh\nexec "${python}" "${join(__dirname, "support/ps.py")}" "$@"\n`;
  writeFileSync(join(folder.path, "ps"), program, { mode: 0o755 });
  return folder.path;
}

/** The same questions, answered as on a system without /proc. */
function askPs(expression: string): unknown {
  const code = `
    Object.defineProperty(process, "platform", { value: "darwin" });
    const { lookUp, allProcesses, processTree, groupMembers, identify, isRunning } = await import(${moduleAt(root, "scripts/process/table.mjs")});
    console.log(JSON.stringify(${expression}));`;
  const env = onPath("ps") === undefined ? { ...process.env, PATH: `${process.env.PATH ?? ""}${delimiter}${psFolder()}` } : process.env;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", env }));
}

describe("a process", () => {
  test("is known by its number and its start: a number used again is another process", () => {
    const me = identify(process.pid);
    expect(isRunning(me)).toBe(true);
    expect(isRunning({ ...me, started: "another time" })).toBe(false);
    expect(isRunning({ pid: 2 ** 22 + 1, started: me.started })).toBe(false);
  });

  test("that has ended but was not collected does not run", async () => {
    // The shell starts a process that ends, and becomes one that never collects it.
    const parent = spawn("sh", ["-c", "sleep 0.1 & exec sleep 30"], { detached: true, stdio: "ignore" });
    const [zombie] = await new Promise<{ pid: number }[]>((resolve) => {
      const timer = setInterval(() => {
        const found = zombiesUnder(parent.pid ?? 0);
        if (found.length > 0) {
          clearInterval(timer);
          resolve(found);
        }
      }, 200);
    });
    expect(isRunning(identify(zombie?.pid ?? 0))).toBe(false);
    expect(groupMembers(parent.pid ?? 0).map(({ pid }) => pid)).toEqual([parent.pid]);
    parent.kill();
    await once(parent, "exit");
  });

  test("has a tree: all that descend from it", async () => {
    const parent = spawn("sh", ["-c", "sleep 30 & sleep 30 & echo started; wait"], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
    await once(parent.stdout, "data");
    expect(processTree(parent.pid ?? 0)).toHaveLength(3);
    process.kill(-(parent.pid ?? 0), "SIGKILL");
    await once(parent, "exit");
  });

  test("looks the same through ps, where there is no /proc", () => {
    const { pid, parent, group, name } = lookUp(process.ppid) ?? {};
    expect(askPs(`lookUp(${process.ppid})`)).toMatchObject({ pid, parent, group, zombie: false, name: (name ?? "").slice(0, 15) });
    expect(askPs(`isRunning(identify(${process.ppid}))`)).toBe(true);
    expect(askPs(`isRunning({ pid: ${process.ppid}, started: "another time" })`)).toBe(false);
    expect(askPs(`processTree(process.pid).map(({ pid }) => pid).includes(process.pid)`)).toBe(true);
    expect(askPs(`lookUp(${2 ** 22 + 1}) === undefined`)).toBe(true);
  });
});

/** Those children of a process that have ended and are not collected, by another reader of the process table than ours. */
function zombiesUnder(parent: number): { pid: number }[] {
  const code = "import psutil, sys; print(*[c.pid for c in psutil.Process(int(sys.argv[1])).children() if c.status() == psutil.STATUS_ZOMBIE])";
  const text = execFileSync(python, ["-c", code, String(parent)], { encoding: "utf8" }).trim();
  return text === "" ? [] : text.split(" ").map((pid) => ({ pid: Number(pid) }));
}
