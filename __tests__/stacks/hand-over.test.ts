import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { platform } from "../../main";
import { handOverSecrets, secretsFile } from "../../scripts/deploy/hand-over";
import { ensureSecrets, secretsOf } from "../../scripts/deploy/secrets";
import { readConfig } from "../../stacks/config/config";
import { temporaryFolder } from "../support/part";

const terraform = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
const keep = { passwords: false, certificates: false };

interface Stack {
  readonly variable?: Readonly<Record<string, object>>;
}

describe("each stack is handed its own secrets", () => {
  const folder = temporaryFolder();
  const output = join(folder.path, "cdktf.out");
  const stacks = ["namespace", "redis", "dask", "jupyter", "frontend"];
  const path = (stack: string, name: string): string => join(output, "stacks", stack, name);
  const read = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;
  const declared = (stack: string): string[] => Object.keys(read<Stack>(path(stack, "cdk.tf.json")).variable ?? {});
  let values: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const app = new App({ outdir: output });
    platform(app, readConfig({}));
    app.synth();
    ({ values } = await ensureSecrets(join(folder.path, secretsFile), keep));
    handOverSecrets(folder.path, output);
  });
  afterAll(() => folder.remove());

  test("which are all that it declares, with their values, for its owner's eyes only", () => {
    for (const stack of stacks) {
      const expected = Object.fromEntries(declared(stack).map((name) => [name, values[name]]));
      const handed = path(stack, "secrets.auto.tfvars.json");
      expect(existsSync(handed)).toBe(declared(stack).length > 0);
      if (!existsSync(handed)) continue;
      expect(read(handed)).toEqual(expected);
      expect(statSync(handed).mode & 0o777).toBe(0o600);
    }
    // Together they get every secret, and none but the first gets all: it makes the Secrets.
    expect(stacks.filter((stack) => declared(stack).length === Object.keys(values).length)).toEqual(["namespace"]);
  });

  test("while the synthesized output itself holds none of them, only links", () => {
    const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(stacks.length);
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), "utf8");
      for (const value of Object.values(values)) expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
    }
  });

  test("and none that it declares no more, or that are gone", () => {
    const kept = join(folder.path, secretsFile);
    renameSync(kept, `${kept}.away`);
    try {
      expect(handOverSecrets(folder.path, output)).toBe(false);
      for (const stack of stacks) expect(existsSync(path(stack, "secrets.auto.tfvars.json"))).toBe(false);
    } finally {
      renameSync(`${kept}.away`, kept);
    }
    expect(handOverSecrets(folder.path, output)).toBe(true);
    expect(existsSync(path("redis", "secrets.auto.tfvars.json"))).toBe(true);
  });

  test("a file by the former name, which cdktf passes to every stack, is renamed", () => {
    const project = join(folder.path, "older");
    mkdirSync(project);
    writeFileSync(join(project, "secrets.auto.tfvars.json"), "{}");
    expect(secretsOf(project)).toBe(join(project, secretsFile));
    expect([existsSync(join(project, secretsFile)), existsSync(join(project, "secrets.auto.tfvars.json"))]).toEqual([true, false]);
    // The new name is none that cdktf or Terraform look for.
    expect(secretsFile).not.toMatch(/\.auto\.tfvars(\.json)?$|^terraform\.tfvars/);
  });

  const found = spawnSync(terraform, ["version"]).status === 0;
  // Terraform is no part of `npm test`'s set-up: where it is missing, jest lists this test as skipped.
  (found ? test : test.skip)(`and ${terraform} prints no warning about them`, () => {
    for (const stack of stacks) {
      // The stack's variables as they are, and in place of what needs the provider and a cluster, a resource of Terraform's own.
      const bare = join(folder.path, "bare", stack);
      mkdirSync(bare, { recursive: true });
      const variable = read<Stack>(path(stack, "cdk.tf.json")).variable ?? {};
      const input = Object.fromEntries(Object.keys(variable).map((name) => [name, `\${sha256(var.${name})}`]));
      writeFileSync(join(bare, "cdk.tf.json"), JSON.stringify({ variable, resource: { terraform_data: { reads: { input } } } }));
      const handed = path(stack, "secrets.auto.tfvars.json");
      if (existsSync(handed)) writeFileSync(join(bare, "secrets.auto.tfvars.json"), readFileSync(handed));
      const run = (...args: string[]): { code: number | null; said: string } => {
        const env = { PATH: process.env["PATH"], HOME: folder.path, CHECKPOINT_DISABLE: "1" };
        const { status, stdout, stderr } = spawnSync(terraform, [...args, "-no-color"], { cwd: bare, env, encoding: "utf8", timeout: 100_000 });
        return { code: status, said: stdout + stderr };
      };
      expect(run("init")).toMatchObject({ code: 0 });
      const plan = run("plan", "-input=false");
      expect(plan).toMatchObject({ code: 0, said: expect.stringContaining("1 to add") as string });
      expect(plan.said).not.toContain("Warning");
      for (const value of Object.values(values)) expect(plan.said).not.toContain(value);
      // With all secrets, as it was, Terraform does warn: the test would see it.
      const all = run("plan", "-input=false", `-var-file=${join(folder.path, secretsFile)}`);
      expect(all.said.includes("Value for undeclared variable")).toBe(stack !== "namespace");
      rmSync(bare, { recursive: true });
    }
  }, 240_000);
});
