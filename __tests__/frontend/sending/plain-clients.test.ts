import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { startFrontend, startValkey, until, type Frontend, type Valkey } from "../../support";
import { fill } from "../support/fill";
import { ask } from "../support/http";
import { askPlainly, open, type Outcome } from "../support/load";

const SMALL = "/propagation/7777/data.json";
/** Too large for memory: it is sent chunk by chunk. */
const LARGE = "/propagation/200000/data.json";
const GZIP = { headers: { "accept-encoding": "gzip" } };

let valkey: Valkey;
let frontend: Frontend;
let port: number;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, "propagation/7777", "propagation/200000");
  frontend = await startFrontend({ redis: valkey, pool: { address: "127.0.0.1:1", dispatch: "http://127.0.0.1:1" } });
  port = Number(new URL(frontend.url).port);
}, 300_000);

afterAll(async () => {
  await frontend?.stop();
  await valkey?.stop();
});

/** The most memory that the frontend has ever had, in MB. */
function peakMegabytes(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${frontend.part.pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

async function metric(name: string): Promise<number> {
  const [, value] = new RegExp(`^porta_frontend_${name} (\\d+)$`, "m").exec((await ask(frontend.metrics)).text) ?? [];
  return Number(value);
}

async function lengthOf(path: string): Promise<number> {
  return Number((await ask(frontend.url + path, { method: "HEAD" })).headers["content-length"]);
}

function many(count: number, path: string): Promise<Outcome[]> {
  return Promise.all(Array.from({ length: count }, () => askPlainly(port, path)));
}

test("50 clients that do not accept gzip, and ask for one run of 7,777 steps at once, all get it", async () => {
  const bytes = await lengthOf(SMALL);
  const outcomes = await many(50, SMALL);
  expect(outcomes).toEqual(outcomes.map(() => ({ status: 200, bytes })));
});

const memory = process.platform === "linux" ? test : test.skip; // only Linux tells a process's peak of memory in /proc

memory("1,000 such clients all get it, and the frontend takes less than a tenth of what they get as memory", async () => {
  const bytes = await lengthOf(SMALL);
  const before = peakMegabytes();
  const outcomes = await many(1_000, SMALL);
  expect(outcomes).toEqual(outcomes.map(() => ({ status: 200, bytes })));
  expect(peakMegabytes() - before).toBeLessThan((1_000 * bytes) / 10 / 1024 ** 2);
}, 180_000);

test("a hundred readers of a large body that take nothing keep nobody waiting: small and large bodies arrive, and they are not cut off", async () => {
  const [small, large] = [await lengthOf(SMALL), await lengthOf(LARGE)];
  const stalled = Array.from({ length: 100 }, () => open(port, LARGE));
  let closed = 0;
  for (const socket of stalled) socket.once("close", () => (closed += 1));
  try {
    await until(async () => (await metric("streams")) === stalled.length, { what: "all are being sent" });
    expect(await many(10, SMALL)).toEqual(Array(10).fill({ status: 200, bytes: small }));
    expect(await many(3, LARGE)).toEqual(Array(3).fill({ status: 200, bytes: large }));
    expect(gunzipSync((await ask(frontend.url + LARGE, GZIP)).body)).toHaveLength(large);
    expect([closed, await metric("slow_readers_total")]).toEqual([0, 0]);
  } finally {
    for (const socket of stalled) socket.destroy();
  }
  await until(async () => (await metric("streams")) === 0 && (await metric("unread_bytes")) === 0, { what: "nothing is left of them" });
}, 180_000);

test("a client that reads again after it was overtaken gets the rest, byte for byte", async () => {
  const whole = (await ask(frontend.url + LARGE)).body;
  const paused = open(port, LARGE);
  const parts: Buffer[] = [];
  const stalled = Array.from({ length: 40 }, () => open(port, LARGE));
  try {
    await until(async () => (await metric("streams")) === 41, { what: "all are being sent" });
    await many(2, LARGE);
    for await (const part of paused) parts.push(part as Buffer);
  } finally {
    for (const socket of [paused, ...stalled]) socket.destroy();
  }
  const answer = Buffer.concat(parts);
  expect(answer.subarray(answer.indexOf("\r\n\r\n") + 4).equals(whole)).toBe(true);
}, 180_000);
