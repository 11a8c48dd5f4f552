import { createServer, type Server } from "node:net";
import { connect, type Socket } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { listenApp } from "../../services/frontend/src/listen";
import { freePort, until } from "../support";

let app: FastifyInstance;
let answer: () => void;

beforeEach(() => {
  app = Fastify({ forceCloseConnections: "idle", requestTimeout: 1_000, http: { headersTimeout: 500, connectionsCheckingInterval: 100 } });
  const held = new Promise<void>((resolve) => (answer = resolve));
  app.get("/at-once", () => "here");
  app.get("/held", () => held.then(() => "at last"));
});
afterEach(() => app.close());

function ask(port: number, path: string, host = "::1", fields = ""): { socket: Socket; text: () => string; ended: () => boolean } {
  const socket = connect(port, host);
  let [text, ended] = ["", false];
  socket.on("data", (data) => (text += data.toString()));
  socket.on("error", () => undefined);
  socket.on("close", () => (ended = true));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`);
  return { socket, text: () => text, ended: () => ended };
}

describe("a frontend on 127.0.0.1", () => {
  test.each(["127.0.0.1", "::1", "localhost"])("answers on %s", async (host) => {
    const port = await listenApp(app, "127.0.0.1", await freePort());
    const { text, socket } = ask(port, "/at-once", host);
    await until(() => text().includes("here"), { what: "the answer" });
    socket.destroy();
  });

  test("holds its limits on ::1 too: who sends no headers is cut", async () => {
    const port = await listenApp(app, "127.0.0.1", await freePort());
    const slow = connect(port, "::1");
    let closed = false;
    slow.on("error", () => undefined).on("close", () => (closed = true)).on("data", () => undefined);
    slow.write("GET / HTTP/1.1\r\n");
    await until(() => closed, { what: "the slow one is cut" });
  });

  test("answers what was asked on ::1 before it ends, closes what is idle, and takes nobody new", async () => {
    const port = await listenApp(app, "127.0.0.1", await freePort());
    const [idle, held] = [ask(port, "/at-once"), ask(port, "/held", "::1", "Connection: close\r\n")];
    await until(() => idle.text().includes("here"), { what: "the first answer" });
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await until(idle.ended, { what: "the idle connection is closed" });
    const late = ask(port, "/at-once");
    await until(late.ended, { what: "a new connection is refused" });
    expect([late.text(), closed]).toEqual(["", false]);
    answer();
    await closing;
    await until(held.ended, { what: "the other one is closed" });
    expect(held.text()).toMatch(/^HTTP\/1.1 200[^]*at last$/);
  });

  test("refuses to start where another process has the port on ::1, since localhost would lead there", async () => {
    const other: Server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, "::1", resolve));
    await expect(listenApp(app, "127.0.0.1", port)).rejects.toThrow(`PORT=${port} on ::1: another process listens there.`);
    other.close();
  });
});

test("a frontend on another address listens there only", async () => {
  const port = await listenApp(app, "0.0.0.0", await freePort());
  const { ended, text } = ask(port, "/at-once");
  await until(ended, { what: "the connection is refused" });
  expect(text()).toBe("");
});
