import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { frontend as frontendFolder } from "../../../scripts/paths.mjs";
import { buildFrontend, startFrontend, until } from "../../support";
import { ask, type Answer } from "../support/http";
import { KINDS, type Stage } from "./stage";

/** An event stream on a bare socket: a thousand of them must not cost the test more than the service. */
interface Reader {
  readonly socket: Socket;
  text: string;
  closed: boolean;
}

function read(port: number, path: string): Reader {
  const socket = connect(port, "127.0.0.1");
  const reader: Reader = { socket, text: "", closed: false };
  socket.on("data", (data) => (reader.text += data.toString("latin1")));
  socket.on("error", () => undefined);
  socket.on("close", () => (reader.closed = true));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return reader;
}

/** Longer than by default: all that is asked for while it still serves has to fit in, also on a busy machine. */
const DRAIN_MS = 10_000;

/** The end of the built service, as a process. */
export function shutdowns(on: () => Stage): void {
  let stage: Stage;
  beforeAll(() => {
    stage = on();
    buildFrontend();
  }, 300_000);

  test("SIGTERM before anything listens ends it at once, and in order", async () => {
    const env = { ...process.env, REDIS_ADDR: "127.0.0.1:1", PORT: "0", METRICS_PORT: "0" };
    const child = spawn(process.execPath, [join(frontendFolder, "dist", "server.js")], { env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const ended = once(child, "exit");
      let said = "";
      child.stdout.on("data", (data) => (said += String(data)));
      // It says so while it waits whether Redis comes, before it listens.
      await until(() => said.includes("Redis is away"), { what: "it starts" });
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("SIGTERM with a thousand event streams of both kinds: not ready, still serving, 202 for who waits, retry: for streams, gone within 7 s after the drain", async () => {
    const steps = stage.newSteps();
    const frontend = await startFrontend({ redis: stage.cache, pool: stage.pool, env: { DRAIN_MS: String(DRAIN_MS) } });
    const port = Number(new URL(frontend.url).port);
    stage.freeze("SIGSTOP");
    try {
      await ask(`${frontend.url}/health/ready`);
      const paths = KINDS.map(([, path]) => path(steps));
      const held = paths.map((path) => ask(`${frontend.url}${path}/data.json`));
      const readers = Array.from({ length: 1_000 }, (_, index) => read(port, `${paths[index % paths.length]}/events`));
      await until(async () => /porta_frontend_sse_clients 1000/.test((await ask(frontend.metrics)).text), { what: "all are attached" });

      const begin = performance.now();
      process.kill(frontend.part.pid, "SIGTERM");
      const unready: Answer = await until(
        async () => {
          const answer = await ask(`${frontend.url}/health/ready`);
          return answer.status === 503 && answer;
        },
        { what: "it is not ready" },
      );
      expect(unready.json()).toEqual({ status: "going down" });
      // Endpoints notice with a delay: who is still sent here is still answered.
      expect((await ask(`${frontend.url}/propagation/500`)).status).toBe(200);
      // Kept connections are given up with an answer: closed while idle, one could cross a request.
      const kept = read(port, "/propagation/500");
      await until(() => kept.closed, { what: "the connection is closed after its answer" });
      expect(kept.text).toMatch(/^HTTP\/1.1 200 OK\r\n(?:.+\r\n)*connection: close\r\n/i);

      for (const answer of await Promise.all(held)) expect([answer.status, answer.json()["state"]]).toEqual([202, "computing"]);
      expect(await frontend.part.ended).toMatch(/0/);
      expect(performance.now() - begin).toBeLessThan(DRAIN_MS + 7_000);
      await until(() => readers.every(({ closed }) => closed), { what: "every stream has ended" });
      const ends = readers.filter(({ text }) => text.endsWith("retry: 2000\n\n\r\n0\r\n\r\n"));
      expect(ends).toHaveLength(1_000);
    } finally {
      stage.freeze("SIGCONT");
      await frontend.stop();
    }
  }, 120_000);
}
