import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startValkey, until, type Valkey } from "../../support";
import { fill } from "../support/fill";
import { ask } from "../support/http";
import { open } from "../support/load";
import { cacheEnv, startService, type Service } from "../support/service";

/** Larger than what kernels buffer: 58 MB unpacked. */
const LARGE = "/propagation/200000/data.json";

/** The least idle limit that the service has, with a HOLD_MS of a second. */
const IDLE_MS = 6_000;

let valkey: Valkey;
let service: Service;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, "propagation/200000");
}, 240_000);

afterEach(() => service.close());

afterAll(() => valkey?.stop());

async function start(stalledMs: number): Promise<void> {
  service = await startService({ ...cacheEnv(valkey), HOLD_MS: "1000" }, undefined, { idleMs: IDLE_MS, stalledMs });
}

test("a download that stalls for more than twice the idle limit goes on, and comes to its end", async () => {
  await start(600_000);
  const { status, body } = await ask(service.url + LARGE);
  expect(status).toBe(200);
  const socket = open(service.port, LARGE);
  await sleep(2.5 * IDLE_MS);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const answer = Buffer.concat(parts);
  expect(answer.subarray(answer.indexOf("\r\n\r\n") + 4).equals(body)).toBe(true);
}, 120_000);

test("a download on which nothing moves any more is given up, and leaves nothing", async () => {
  await start(1_000);
  const { sender } = service.services;
  const socket = open(service.port, LARGE);
  await until(() => sender.unread.clients === 1, { what: "the client has left something unread" });
  await until(() => sender.unread.clients === 0, { what: "it is given up" });
  expect([sender.streaming, sender.line.taken, sender.unread.bytes]).toEqual([0, 0, 0]);
  let bytes = 0;
  socket.on("data", (data: Buffer) => (bytes += data.length));
  await once(socket, "close");
  expect(bytes).toBeLessThan(Number((await ask(service.url + LARGE, { method: "HEAD" })).headers["content-length"]));
}, 120_000);
