import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { python, root } from "../../scripts/paths.mjs";
import { isRunning, processTree, type ProcessEntry, type ProcessId } from "../../scripts/process/table.mjs";
import { portVariables } from "../../scripts/settings.mjs";
import { freePorts, until } from "../support";
import { temporaryFolder } from "../support/part";

/** On a machine that is busy with other things a start takes its time. */
export const START_MS = 240_000;

type Ports = Record<keyof typeof portVariables, number>;

interface State {
  launcher: ProcessId;
  children: (ProcessId & { name: string })[];
}

/** `npm start` as a user runs it, on ports of its own. */
export class Launcher {
  output = "";
  /** npm's exit code, or the signal that ended it; once all that it and its children printed is in `output`. */
  readonly ended: Promise<number | string>;

  private constructor(
    private readonly npm: ChildProcess,
    readonly ports: Ports,
    private readonly folder: { path: string; remove: () => void },
  ) {
    const note = (data: Buffer): void => void (this.output += data.toString());
    npm.stdout?.on("data", note);
    npm.stderr?.on("data", note);
    this.ended = new Promise((resolve) => npm.once("close", (code, signal) => resolve(code ?? signal ?? "unknown")));
  }

  /**
   * Types `npm start`; does not wait.
   *
   * @param env on top of ours, and of the free ports
   * @param like takes ports and folder of an earlier start, for what happens after it
   * @param checkout where it is typed
   * @param args behind `npm start --`
   */
  static async type(env: NodeJS.ProcessEnv = {}, like?: Launcher, checkout = root, args: string[] = []): Promise<Launcher> {
    const ports = like?.ports ?? (await choosePorts());
    const folder = like?.folder ?? temporaryFolder();
    const variables = Object.entries(portVariables).map(([name, { variable }]) => [variable, ports[name as keyof Ports]]);
    // Tied to these tests: if they are killed, npm ends, and with it all that it has started.
    const npm = spawn(python, ["-IS", join(root, "scripts/process/tether.py"), String(process.pid), "npm", "start", "--", ...args], {
      cwd: checkout,
      detached: true, // a group of its own, as a terminal gives it: Ctrl-C reaches npm, its shell and the launcher
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...Object.fromEntries(variables), PORTA_HOME: folder.path, PORTA_WORKERS: "2", ...env },
    });
    return new Launcher(npm, ports, folder);
  }

  /** Types `npm start` and waits until it prints the address. */
  static async start(env: NodeJS.ProcessEnv = {}, like?: Launcher): Promise<Launcher> {
    const launcher = await Launcher.type(env, like);
    await launcher.ready();
    return launcher;
  }

  /** @param timeout ms */
  async ready(timeout = START_MS): Promise<void> {
    const gone = new AbortController();
    void this.ended.then(() => gone.abort(new Error(`npm start has ended:\n${this.output}`)));
    await until(() => this.output.includes("ready in"), { what: "npm start is ready", timeout, signal: gone.signal });
  }

  /** Where it keeps state, logs, notebooks. */
  get home(): string {
    return this.folder.path;
  }

  get url(): string {
    return `http://localhost:${this.ports.frontend}`;
  }

  get npmPid(): number {
    return this.npm.pid ?? 0;
  }

  /** The state file: what the next start goes by. */
  get state(): State {
    return JSON.parse(readFileSync(join(this.folder.path, "run.json"), "utf8")) as State;
  }

  set state(state: State) {
    writeFileSync(join(this.folder.path, "run.json"), JSON.stringify(state));
  }

  log(name: string): string {
    return readFileSync(join(this.folder.path, "log", `${name}.log`), "utf8");
  }

  child(name: string): number {
    const child = this.state.children.find((candidate) => candidate.name === name);
    if (child === undefined) throw new Error(`no child ${name}`);
    return child.pid;
  }

  /** npm, the launcher, and all that they started. Children are in sessions of their own, but still descend from them. */
  processes(): ProcessEntry[] {
    return processTree(this.npmPid);
  }

  /** As the terminal does it on Ctrl-C. */
  pressCtrlC(): void {
    process.kill(-this.npmPid, "SIGINT");
  }

  /** Ends it whatever state it is in, and cleans up. */
  async stop(): Promise<void> {
    const all = this.processes();
    try {
      process.kill(-this.npmPid, "SIGINT");
    } catch {
      // it has ended
    }
    await this.ended;
    await allGone(all);
    this.folder.remove();
  }
}

/** Waits until none of these processes runs. */
export async function allGone(processes: readonly ProcessId[]): Promise<void> {
  await until(() => !processes.some(isRunning), { what: `processes ${processes.map(({ pid }) => pid).join()} end` });
}

async function choosePorts(): Promise<Ports> {
  const names = Object.keys(portVariables) as (keyof Ports)[];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Ports;
}
