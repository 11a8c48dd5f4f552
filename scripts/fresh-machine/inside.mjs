// Runs on the fresh machine: clones the checkout, types the README's two commands, and tells what came of them.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Half a gigabyte is downloaded first, on a machine that may be busy. */
const START_MS = 30 * 60_000;

const checkout = join(process.env.HOME ?? "/tmp", "porta");
const url = `http://localhost:${process.env.PORT ?? "8080"}`;

/** @param {readonly string[]} args */
const npm = (args) => spawn("npm", args, { cwd: checkout, stdio: "inherit", detached: true });

async function start() {
  const child = npm(["start"]);
  let ended = false;
  const exit = once(child, "exit").then(() => (ended = true));
  const until = performance.now() + START_MS;
  /** @type {string | undefined} */
  let trusted;
  while (trusted === undefined && !ended && performance.now() < until) {
    await sleep(1000);
    trusted = await fetch(`${url}/propagation/500/summary`)
      .then(async (response) => (response.status === 200 ? JSON.stringify(/** @type {{ verdict: object }} */ (await response.json()).verdict) : undefined))
      .catch(() => undefined);
  }
  if (trusted !== undefined) console.log(`\nComputed here, of 500 steps: ${trusted}`);
  if (!ended && child.pid !== undefined) process.kill(-child.pid, "SIGINT"); // as Ctrl-C does it
  await exit;
  return trusted !== undefined;
}

async function test() {
  const parts = process.argv.slice(2);
  const [code] = await once(npm(["test", ...(parts.length > 0 ? ["--", ...parts] : [])]), "exit");
  return code === 0;
}

execFileSync("git", ["clone", "--quiet", "/machine/porta.bundle", checkout], { stdio: "inherit" });
const outcomes = { "npm start": await start(), "npm test": await test() };
console.log("\nOn a fresh machine:");
for (const [command, passed] of Object.entries(outcomes)) console.log(`  ${passed ? "passed" : "FAILED"}  ${command}`);
process.exitCode = Object.values(outcomes).every((passed) => passed) ? 0 : 1;
