import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../../scripts/process/child.mjs";
import { temporaryFolder } from "../support/part";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** How long a part may stand still here; each of these needs more than twice as long. */
const STALLED = 8_000;

const children: Child[] = [];
afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())));

function start(name: string, script: string): Child {
  const child = new Child({ name, command: "/bin/sh", args: ["-c", script], cwd: folder.path, log: join(folder.path, `${name}.log`) });
  children.push(child);
  return child;
}

const there = (name: string) => () => existsSync(join(folder.path, name));

describe("a part that takes long to start", () => {
  test.each([
    ["computes", "busy", "end=$(($(date +%s) + 20)); while [ $(date +%s) -lt $end ]; do :; done; touch busy; sleep 600"],
    ["starts others that compute", "parent", "(end=$(($(date +%s) + 20)); while [ $(date +%s) -lt $end ]; do :; done; touch parent) & wait; sleep 600"],
    ["writes to its log", "writer", "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 2; echo line $i; done; touch writer; sleep 600"],
  ])("is waited for as long as it %s, and it is said how far it is", async (_, name, script) => {
    const told: string[] = [];
    await start(name, script).ready(there(name), { stalled: STALLED, tell: (remark) => told.push(remark), tellEvery: 3_000 });
    expect(told[0]).toMatch(/^still starting after \d+ s, \d+\.\d s of CPU time used; its log (is empty|ends with: line \d+)$/);
  }, 120_000);

  test("is given up when nothing in it moves, with how long and its last lines", async () => {
    const ready = start("idle", "echo waiting for nothing; sleep 600").ready(() => false, { stalled: 1_000 });
    await expect(ready).rejects.toThrow(/^idle: not ready after \d+ s, and for \d+ s it has used no CPU time and written nothing\.[^]*waiting for nothing/);
  }, 60_000);

  test("is waited for again when a frozen one goes on in time", async () => {
    const child = start("frozen", "echo go; until [ -e thaw ]; do :; done; touch frozen; sleep 600");
    process.kill(child.pid, "SIGSTOP");
    setTimeout(() => {
      writeFileSync(join(folder.path, "thaw"), "");
      process.kill(child.pid, "SIGCONT");
    }, 3_000);
    await child.ready(there("frozen"), { stalled: 30_000 });
  }, 120_000);

  test("fails at once when it ends", async () => {
    await expect(start("wrong", "echo PORT is wrong; exit 2").ready(() => false)).rejects.toThrow(/^wrong: ended with exit code 2\.[^]*PORT is wrong/);
  });
});
