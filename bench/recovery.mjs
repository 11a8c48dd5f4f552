// How soon the pool computes again after its processes are killed, on a quiet machine and with three busy loops for each core.
// Each figure is the wall time from the kill to the answer of a new run; cached results are asked for meanwhile.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "../scripts/process/table.mjs";
import { npmStart } from "./_npm-start.mjs";

const LOOPS = 6;
const POLL_MS = 50;
/** A child that has run for so long is started again without a pause. */
const BETWEEN_MS = 11_000;

let seed = 1;
let refused = 0;
const platform = await npmStart();
/** @param {string} name */
const forked = (name) => childrenOf(platform.part(name));

/** @param {string} path @returns {Promise<Response>} */
const get = (path) => fetch(`${platform.url}${path}`).then(async (response) => (await response.arrayBuffer(), response));

/** @param {number[]} pids @returns {Promise<number>} seconds until a new run is answered */
async function recovery(pids) {
  const began = performance.now();
  for (const pid of pids) process.kill(pid, "SIGKILL");
  const hits = setInterval(() => void get("/propagation/500/summary").then(({ status }) => (refused += Number(status !== 200))), POLL_MS);
  // What is under way may still be answered by a process that is about to notice the death of another: so three in a row.
  let answered = 0;
  let first = 0;
  while (answered < 3) {
    const { status } = await get(`/propagation/500/summary?seed=${(seed += 1)}`);
    answered = status === 200 ? answered + 1 : 0;
    if (answered === 1) first = performance.now();
    if (answered === 0) await sleep(POLL_MS);
  }
  clearInterval(hits);
  return (first - began) / 1000;
}

/** @type {readonly (readonly [string, () => number[]])[]} */
const deaths = [
  ["the scheduler's death", () => forked("scheduler")],
  ["the death of all workers", () => forked("workers")],
  ["the death of all of them", () => [...forked("scheduler"), ...forked("workers")]],
  // Only this one waits for imports, and for the launcher.
  ["the death of what forks the workers", () => [platform.part("workers")]],
];

const WHY = "New processes have to start and to be noticed, which takes longer where other programs use the cores.";

try {
  await get("/propagation/500/summary");
  for (const [machine, loops, goal] of /** @type {const} */ ([["quiet", 0, "≤ 5"], [`${LOOPS} busy loops`, LOOPS, "≤ 15"]])) {
    const busy = Array.from({ length: loops }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
    try {
      for (const [what, pids] of deaths) {
        await sleep(BETWEEN_MS);
        const value = await recovery(pids());
        console.log(JSON.stringify({ name: `a new run after ${what}, ${machine}`, value, unit: "s", goal, why: WHY }));
      }
    } finally {
      for (const loop of busy) loop.kill("SIGKILL");
    }
  }
  console.log(JSON.stringify({ name: "hits refused meanwhile", value: refused, unit: "", goal: "≤ 0" }));
} finally {
  await platform.stop();
}
