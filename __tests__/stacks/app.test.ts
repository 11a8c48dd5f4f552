import { execFile, type ExecFileException } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { ensureSecrets } from "../../scripts/deploy/secrets";
import { temporaryFolder } from "../support/part";

const root = join(__dirname, "../..");

/** The app in a copy of the project, without this machine's environment. */
describe("the app", () => {
  const folder = temporaryFolder();
  const project = join(folder.path, "project");

  /** Runs a command in the copy. `output` is what Terraform would read, by stack. */
  async function app(command: readonly [string, ...string[]], more: Record<string, string> = {}) {
    const [program, ...args] = command;
    const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder.path, ...more };
    const { code, said } = await promisify(execFile)(program, args, { cwd: project, env })
      .then(({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }))
      .catch((error: ExecFileException & { stdout: string; stderr: string }) => ({ code: Number(error.code), said: error.stdout + error.stderr }));
    const read = (stack: string) => readFileSync(join(project, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8");
    const stacks = ["namespace", "redis", "dask", "jupyter", "frontend"];
    return { code, said, output: code === 0 ? Object.fromEntries(stacks.map((stack) => [stack, read(stack)])) : {} };
  }
  const synth = (more?: Record<string, string>) => app(["tsx", "main.ts"], more);

  beforeAll(() => {
    const parts = ["main.ts", "stacks", "scripts", "tsconfig.json", "package.json", "cdktf.json", ".npmrc"];
    for (const part of [...parts, "services/propagation/src/porta/contract.json", "services/propagation/src/porta/acl.json"]) {
      mkdirSync(join(project, part, ".."), { recursive: true });
      cpSync(join(root, part), join(project, part), { recursive: true });
    }
    symlinkSync(relative(project, join(root, "node_modules")), join(project, "node_modules"));
  });
  afterAll(() => folder.remove());

  test("says the same twice, to the byte, says what to run where there are no secrets, and holds none where there are", async () => {
    const before = await synth();
    expect(before).toMatchObject({ code: 0, said: expect.stringContaining("npm run deploy") as string });
    const { values } = await ensureSecrets(join(project, "secrets.tfvars.json"), { passwords: false, certificates: false });
    const after = await synth();
    expect(after).toEqual({ code: 0, said: "", output: before.output });
    const everything = Object.values(after.output).join("\n");
    // A key's lines one by one: JSON would escape what lies between them.
    const lines = Object.values(values).flatMap((value) => value.split("\n")).filter((line) => line.length > 20 && !line.startsWith("-----"));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(everything).not.toContain(line);
  });

  test("reads .env and the last images' names; the environment wins", async () => {
    mkdirSync(join(project, ".porta"), { recursive: true });
    writeFileSync(join(project, ".porta/images.env"), "FRONTEND_IMAGE=localhost/f:built\nPYTHON_IMAGE=localhost/p:built\n");
    writeFileSync(join(project, ".env"), "# mine\nFRONTEND_IMAGE=localhost/f:mine\nWORKERS=4\n");
    const { output } = await synth({ WORKERS: "5" });
    expect(output["frontend"]).toContain("localhost/f:mine");
    expect(output["dask"]).toContain("localhost/p:built");
    expect(output["dask"]).toContain('"replicas": "5"');
    writeFileSync(join(project, ".env"), "");
  });

  test("ends with all that is wrong, in words and not in a trace", async () => {
    const { code, said } = await synth({ WORKERS: "none", NAMESPACE: "No" });
    expect(code).toBe(1);
    expect(said).toContain('WORKERS="none" is not allowed');
    expect(said).toContain('NAMESPACE="No" is not allowed');
    expect(said).not.toMatch(/^\s+at /m);
  });

  test("stops at a type error, before Terraform could see it", async () => {
    const file = join(project, "stacks/constructs/service.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("waitForLoadBalancer: false,", "waitForLoadBalancer: false,\n      timeouts: [{ create: 1 }],"));
    expect(await app(["npm", "run", "--silent", "synth"])).toMatchObject({ code: 2, said: expect.stringContaining("error TS") as string });
    writeFileSync(file, text);
  }, 120_000);
});
