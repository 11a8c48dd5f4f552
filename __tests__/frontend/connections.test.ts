import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "../support";
import { raw } from "./support/http";
import { startService, type Service } from "./support/service";

const REQUEST = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/**
 * Stops this process, and the service in it, as SIGSTOP would. After an immediate the loop runs timers before it reads sockets:
 * that is the order in which Node takes an honest client for a late one.
 */
function standStill(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      resolve();
    });
  });
}

async function answerOf(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (data) => (text += data.toString("latin1")));
  socket.on("error", (error) => (text += error.message));
  await once(socket, "close");
  return text;
}

let service: Service;

beforeAll(async () => {
  service = await startService({ HOLD_MS: "0" }, undefined, { idleMs: 1_000 });
});

afterAll(() => service?.close());

test("a request that arrives while the process stands still for 6.5 s is answered, on connections opened before and meanwhile", async () => {
  const before = Array.from({ length: 40 }, () => connect(service.port, "127.0.0.1"));
  await Promise.all(before.map((socket) => once(socket, "connect")));
  const accepted = (): Promise<number> => new Promise((resolve) => service.app.server.getConnections((_, count) => resolve(count)));
  await until(async () => (await accepted()) === before.length, { what: "the service has accepted all" });
  for (const socket of before) socket.write(REQUEST);
  const meanwhile = Array.from({ length: 40 }, () => connect(service.port, "127.0.0.1").setNoDelay());
  for (const socket of meanwhile) socket.write(REQUEST);
  const answers = Promise.all([...before, ...meanwhile].map(answerOf));
  await standStill(6_500);
  expect((await answers).filter((text) => !text.startsWith("HTTP/1.1 200 "))).toEqual([]);
});

test("a request that arrives on a kept connection while the process stands still for longer than connections may be idle is answered", async () => {
  const { keepAliveTimeout } = service.app.server;
  service.app.server.keepAliveTimeout = 1_000;
  try {
    const kept = connect(service.port, "127.0.0.1");
    kept.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(kept, "data");
    const second = answerOf(kept);
    kept.write(REQUEST);
    await standStill(3_000);
    expect(await second).toMatch(/^HTTP\/1.1 200 /);
  } finally {
    service.app.server.keepAliveTimeout = keepAliveTimeout;
  }
});

test("a connection that sends nothing is ended, also after the process stood still", async () => {
  const idle = connect(service.port, "127.0.0.1");
  const ended = answerOf(idle);
  await once(idle, "connect");
  await standStill(1_500);
  expect(await ended).toMatch(/^(HTTP\/1.1 408 [^]*)?$/);
});

test("headers that do not come to an end are cut off, also after the process stood still", async () => {
  const unfinished = raw(service.port, "GET / HTTP/1.1\r\nHost: x\r\n", { ms: 30_000 });
  await standStill(1_500);
  expect(await unfinished).toMatch(/^(HTTP\/1.1 408 [^]*)?$/);
});
