import { execFile, spawn, type ChildProcess } from "node:child_process";
import { freePort } from "../../../scripts/process/ports.mjs";
import { until } from "../../../scripts/process/wait.mjs";

/** The cluster through kubectl, in one namespace, without holding up what the test does meanwhile. */
export class InNamespace {
  readonly #forwards = new Set<ChildProcess>();

  constructor(readonly namespace: string) {}

  /** What kubectl prints, given `input`. @throws Error with all that it said where it fails */
  run(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { maxBuffer: 1 << 28, timeout: 240_000 };
      const child = execFile("kubectl", ["--namespace", this.namespace, ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`kubectl ${args.join(" ")}: ${stderr || error.message}${stdout}`));
      });
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  }

  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run([...args, "--output", "json"])) as T;
  }

  /** Runs a command in a pod. */
  exec(pod: string, command: readonly string[], input?: string): Promise<string> {
    return this.run(["exec", ...(input === undefined ? [] : ["--stdin"]), pod, "--", ...command], input);
  }

  /** Leads a free port of this machine to a pod's, past Services and policies. @returns its http:// address */
  async forward(target: string, port: number): Promise<string> {
    const local = await freePort();
    const child = spawn("kubectl", ["--namespace", this.namespace, "port-forward", target, `${local}:${port}`]);
    this.#forwards.add(child);
    let said = "";
    child.stdout.on("data", (part) => (said += String(part)));
    child.stderr.on("data", (part) => (said += String(part)));
    await until(() => {
      if (child.exitCode !== null) throw new Error(said);
      return said.includes("Forwarding from");
    }, { what: `a way to ${target}:${port}` });
    return `http://127.0.0.1:${local}`;
  }

  endForwards(): void {
    for (const child of this.#forwards) child.kill();
    this.#forwards.clear();
  }
}
