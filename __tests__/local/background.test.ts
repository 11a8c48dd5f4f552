import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { python, root } from "../../scripts/paths.mjs";
import { isRunning, type ProcessId } from "../../scripts/process/table.mjs";
import { freePorts, until } from "../support";
import { temporaryFolder } from "../support/part";
import { START_MS } from "./launcher";

/** Longer than the launcher takes to notice that npm has gone, and to ask whether its reader has. */
const NOTICE_MS = 3_000;

interface State {
  launcher: ProcessId;
  ready: boolean;
  children: ProcessId[];
}

/** A platform of a frontend alone: what ends it and what does not is the same with all parts. */
class Stage {
  readonly folder = temporaryFolder();
  readonly log = join(this.folder.path, "out.log");
  env: NodeJS.ProcessEnv = {};
  url = "";
  private terminal: ChildProcess | undefined;
  private closed: Promise<unknown> = Promise.resolve();

  async prepare(): Promise<void> {
    const [port, metrics] = (await freePorts(2)) as [number, number];
    this.url = `http://localhost:${port}`;
    this.env = { ...process.env, PORT: String(port), METRICS_PORT: String(metrics), PORTA_HOME: this.folder.path, REDIS_ADDR: "127.0.0.1:1", DASK_SCHEDULER: "127.0.0.1:1" };
  }

  /** Types a command into a terminal, and waits until the platform is ready. */
  async type(command: string): Promise<void> {
    this.terminal = spawn(python, ["-I", join(__dirname, "terminal.py"), command], { cwd: root, env: this.env, stdio: ["pipe", "pipe", "inherit"] });
    this.terminal.stdin?.on("error", () => undefined); // it may have ended by itself
    this.closed = once(this.terminal, "close");
    let shown = "";
    this.terminal.stdout?.on("data", (data: Buffer) => (shown += data.toString()));
    await until(() => this.state?.ready, { what: `${command} is ready`, timeout: START_MS }).catch((error: Error) => {
      throw new Error(`${error.message}\n${shown}\n${existsSync(this.log) ? readFileSync(this.log, "utf8") : ""}`);
    });
  }

  async closeTerminal(): Promise<void> {
    this.terminal?.stdin?.end();
    await this.closed;
  }

  get state(): State | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folder.path, "run.json"), "utf8")) as State;
    } catch {
      return undefined;
    }
  }

  npm(...args: string[]): Promise<{ code: number; said: string }> {
    return new Promise((resolve) => {
      execFile("npm", args, { cwd: root, env: this.env }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }));
    });
  }

  async answers(): Promise<boolean> {
    return (await fetch(`${this.url}/health/ready`)).ok;
  }
}

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.prepare();
});
afterEach(async () => {
  await stage.npm("stop");
  stage.folder.remove();
}, START_MS);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a terminal that is closed", () => {
  test.each([
    ["nohup npm start > $PORTA_HOME/out.log 2>&1 &"],
    ["npm start > $PORTA_HOME/out.log 2>&1 &"],
    ["npm start > $PORTA_HOME/out.log 2>&1 & disown"],
    ["setsid npm start > $PORTA_HOME/out.log 2>&1 &"],
    ["setsid nohup npm start > $PORTA_HOME/out.log 2>&1 & disown"],
    ["npm start -- --detach"],
  ])("leaves running what was started by %s, and npm stop ends it", async (command) => {
    await stage.type(command);
    const { launcher, children } = stage.state as State;
    await stage.closeTerminal();
    await pause(NOTICE_MS);
    expect(isRunning(launcher)).toBe(true);
    expect(await stage.answers()).toBe(true);
    expect(await stage.npm("stop")).toMatchObject({ code: 0, said: expect.stringContaining("Porta ended") as string });
    expect([launcher, ...children].filter(isRunning)).toEqual([]);
  }, START_MS);

  test.each([["npm start"], ["npm start &"], ["npm start | tee $PORTA_HOME/out.log"]])("ends what was started by %s, with all its parts", async (command) => {
    await stage.type(command);
    const { launcher, children } = stage.state as State;
    await stage.closeTerminal();
    await until(() => ![launcher, ...children].some(isRunning), { what: "everything has ended" });
  }, START_MS);
});

test("the unit in the docs starts it: the launcher alone is told to end, and ends everything", async () => {
  const [, unit = ""] = /```ini\n([^]*?)```/.exec(readFileSync(join(root, "docs/operate.md"), "utf8")) ?? [];
  const [, command = ""] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  expect(unit).toMatch(/^KillMode=mixed$/m);
  await stage.type(`exec ${command} > $PORTA_HOME/out.log 2>&1`);
  const { launcher, children } = stage.state as State;
  process.kill(launcher.pid, "SIGTERM");
  await until(() => ![launcher, ...children].some(isRunning), { what: "everything has ended" });
  expect(readFileSync(stage.log, "utf8")).toContain("Everything has ended");
  await stage.closeTerminal();
}, START_MS);

describe("npm start -- --detach", () => {
  test("returns when all is ready, with the address and how to end it; --status tells the same", async () => {
    const started = await stage.npm("start", "--", "--detach");
    expect(started).toMatchObject({ code: 0 });
    expect(started.said).toMatch(new RegExp(`${stage.url}   ready in[^]*runs in the background \\(process \\d+\\)\\. To end it: PORTA_HOME='${stage.folder.path}' npm stop`));
    expect(await stage.answers()).toBe(true);
    const { launcher } = stage.state as State;
    const status = await stage.npm("start", "--", "--status");
    expect(status).toMatchObject({ code: 0, said: expect.stringContaining(`${stage.url}   ready, process ${launcher.pid}`) as string });
    const second = await stage.npm("start", "--", "--detach");
    expect(second).toMatchObject({ code: 1, said: expect.stringContaining("Porta already runs from this folder") as string });
    stage.env.PORT = "wrong"; // of no interest to who ends it
    expect(await stage.npm("start", "--", "--stop")).toMatchObject({ code: 0 });
    expect(isRunning(launcher)).toBe(false);
    expect((await stage.npm("start", "--", "--status")).code).toBe(3);
    expect(await stage.npm("stop")).toMatchObject({ code: 0, said: expect.stringContaining("there is nothing to end") as string });
  }, START_MS);

  test("says why it cannot start, on the terminal, and leaves nothing behind", async () => {
    stage.env.MAX_STEPS = "many";
    const { code, said } = await stage.npm("start", "--", "--detach");
    expect(code).toBe(1);
    expect(said).toMatch(/MAX_STEPS[^]*many/);
    expect(stage.state).toBeUndefined();
  }, START_MS);
});
