import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { childrenOf, identify, isRunning } from "../../scripts/process/table.mjs";
import { until } from "../support";
import { allGone, Launcher, START_MS } from "./launcher";

describe("a second npm start beside a running one", () => {
  let first: Launcher;
  beforeAll(async () => {
    first = await Launcher.start();
  }, START_MS);
  afterAll(() => first.stop());

  test("says that one runs from this folder, where, and how to end it; and leaves it alone", async () => {
    const second = await Launcher.type({}, first);
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`already runs from this folder: ${first.url}`);
    expect(second.output).toContain(`kill ${first.state.launcher.pid}`);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
  }, 60_000);

  test("with a folder of its own names each taken port, who holds it, and the variable that moves it", async () => {
    const other = await Launcher.type({
      PORT: String(first.ports.frontend),
      PORTA_SCHEDULER_PORT: String(first.ports.scheduler),
      PORTA_REDIS_PORT: String(first.ports.redis),
    });
    expect(await other.ended).toBe(1);
    const holders = { frontend: first.child("frontend"), scheduler: childrenOf(first.child("scheduler"))[0], redis: first.child("valkey") };
    expect(other.output).toMatch(`Port ${first.ports.frontend} (the page) is taken by node (process ${holders.frontend})`);
    expect(other.output).toMatch(`Port ${first.ports.scheduler} (the Dask scheduler) is taken by python (process ${holders.scheduler})`);
    expect(other.output).toMatch(`kill ${holders.redis}`);
    expect(other.output).toMatch(/PORT=\d+ npm start/);
    expect(other.output).toMatch(/PORTA_SCHEDULER_PORT=\d+ npm start/);
    expect(other.output).toMatch(`REDIS_ADDR=localhost:${first.ports.redis} npm start`);
    await other.stop();
  }, 60_000);
});

describe("after kill -9", () => {
  let porta: Launcher;
  beforeAll(async () => {
    porta = await Launcher.start();
  }, START_MS);
  afterAll(() => porta.stop());

  test("of the launcher, its children end by themselves, and the next npm start starts cleanly", async () => {
    const { launcher } = porta.state;
    const children = porta.processes().filter(({ pid }) => pid !== porta.npmPid && pid !== launcher.pid);
    expect(children.length).toBeGreaterThan(5);
    process.kill(launcher.pid, "SIGKILL");
    await porta.ended;
    await allGone(children);

    porta = await Launcher.start({}, porta);
    expect((await fetch(`${porta.url}/propagation/500/summary`)).status).toBe(200);
  }, 2 * START_MS);

  test("of npm, the launcher ends everything", async () => {
    const processes = porta.processes();
    process.kill(porta.npmPid, "SIGKILL");
    await porta.ended;
    await allGone(processes);
  }, START_MS);

  test("a process that is left is ended by the next npm start; one that only has its number is not", async () => {
    const porta = await Launcher.type({ PORT: "0" }); // ends at once: the folder is there
    await porta.ended;
    // Where the kernel cannot end them with us, children stay: here one that does not know us.
    const left = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    const foreign = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    const [leftId, foreignId] = [identify(left.pid ?? 0), identify(foreign.pid ?? 0)];
    porta.state = {
      launcher: { pid: 1, started: "long ago" },
      children: [
        { name: "workers", ...leftId },
        { name: "valkey", pid: foreignId.pid, started: "another time" },
      ],
    };
    // The port is held, so that this start ends where the test is over.
    const server = await hold(porta.ports.frontend);
    const next = await Launcher.type({}, porta);
    expect(await next.ended).toBe(1);
    expect(next.output).toContain(`Ended what a killed start had left: workers (${leftId.pid})`);
    expect(isRunning(leftId)).toBe(false);
    expect(isRunning(foreignId)).toBe(true);
    expect(next.output).toContain(`is taken by`);
    server.close();
    foreign.kill();
    await next.stop();
  }, 60_000);
});

describe("a part that cannot run", () => {
  test("is told with its own last words at the first start, and everything ends", async () => {
    const porta = await Launcher.type({ MAX_STEPS: "many" });
    expect(await porta.ended).toBe(1);
    expect(porta.output).toMatch(/MAX_STEPS/);
    expect(porta.output).toMatch(/many/);
    await until(() => porta.processes().length === 0, { what: "everything has ended" });
    await porta.stop();
  }, START_MS);
});

async function hold(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  expect((server.address() as AddressInfo).port).toBe(port);
  return server;
}
