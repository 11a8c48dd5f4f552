import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../../scripts/paths.mjs";
import { groupMembers, identify, isRunning, lookUp, processTree } from "../../scripts/process/table.mjs";

/** The same questions, answered as on a system without /proc. */
function askPs(expression: string): unknown {
  const code = `
    Object.defineProperty(process, "platform", { value: "darwin" });
    const { lookUp, allProcesses, processTree, groupMembers, identify, isRunning } = await import("${root}/scripts/process/table.mjs");
    console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }));
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
        const found = processTreeWithZombies(parent.pid ?? 0);
        if (found.length > 0) {
          clearInterval(timer);
          resolve(found);
        }
      }, 50);
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

function processTreeWithZombies(parent: number): { pid: number }[] {
  const text = execFileSync("ps", ["-o", "pid=", "-o", "stat=", "--ppid", String(parent)], { encoding: "utf8" });
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, state]) => state?.startsWith("Z"))
    .map(([pid]) => ({ pid: Number(pid) }));
}
