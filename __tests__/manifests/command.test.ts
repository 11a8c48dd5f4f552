import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { manifests as run } from "../../tools/manifests/command";
import { synthesize } from "./support/synthesized";

let folder: string;
beforeEach(() => (folder = synthesize()));
afterEach(() => rmSync(folder, { recursive: true }));

function manifests(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): { status: number; stdout: string; stderr: string } {
  const said = { stdout: "", stderr: "" };
  const status = run(args, {
    folder,
    environment,
    out: (text) => (said.stdout += text),
    err: (text) => (said.stderr += text),
  });
  return { status, ...said };
}
const written = (): string[] => readdirSync(join(folder, "manifests")).sort();
const contents = (name: string): string => readFileSync(join(folder, "manifests", name), "utf8");

test("writes the manifests, names each file, and says what the missing secrets mean", () => {
  const { status, stdout, stderr } = manifests();
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: "manifests/10-base.yaml\nmanifests/11-base-secrets.yaml.template\nmanifests/20-web.yaml\n",
  });
  expect(stderr).toMatch(/^note: 1 annotations in web depend on secrets/);
  expect(written()).toEqual(["10-base.yaml", "11-base-secrets.yaml.template", "20-web.yaml"]);
});

test("secrets are filled in from the project's own files and environment, and only their owner may read them", () => {
  writeFileSync(join(folder, "a.auto.tfvars.json"), '{"password": "from a file"}');
  expect(manifests(["--fill"], { TF_VAR_password: "from the environment", TF_VAR_replicas: "3" })).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(written()).toEqual(["10-base.yaml", "11-base-secrets.yaml", "20-web.yaml"]);
  expect(contents("11-base-secrets.yaml")).toContain(`password: ${Buffer.from("from a file").toString("base64")}`);
  expect(contents("20-web.yaml")).toContain("replicas: 3");
  expect(statSync(join(folder, "manifests", "11-base-secrets.yaml")).mode & 0o777).toBe(0o600);
});

test("secrets that a stack was handed in its own folder are filled in too; the project's files win", () => {
  writeFileSync(join(folder, "cdktf.out", "stacks", "base", "a.auto.tfvars.json"), '{"password": "handed over"}');
  const filled = (): string => {
    expect(manifests(["--fill"], { TF_VAR_password: "from the environment" })).toMatchObject({ status: 0 });
    return contents("11-base-secrets.yaml");
  };
  expect(filled()).toContain(`password: ${Buffer.from("handed over").toString("base64")}`);
  writeFileSync(join(folder, "a.auto.tfvars.json"), '{"password": "from a file"}');
  expect(filled()).toContain(`password: ${Buffer.from("from a file").toString("base64")}`);
});

test("a file of secrets wins over what is found", () => {
  writeFileSync(join(folder, "mine.json"), '{"password": "mine"}');
  expect(manifests(["--secrets", "mine.json"], { TF_VAR_password: "theirs" })).toMatchObject({ status: 0 });
  expect(contents("11-base-secrets.yaml")).toContain(`password: ${Buffer.from("mine").toString("base64")}`);
});

test("what an earlier run wrote and this one does not is gone; what others wrote stays", () => {
  manifests(["--fill"], { TF_VAR_password: "x" });
  writeFileSync(join(folder, "manifests", "15-mine.yaml"), "kind: Mine\n");
  writeFileSync(join(folder, "manifests", "90-gone.yaml"), contents("20-web.yaml"));
  manifests();
  expect(written()).toEqual(["10-base.yaml", "11-base-secrets.yaml.template", "15-mine.yaml", "20-web.yaml"]);
});

test("a manifest that is a link to where somebody keeps it stays a link", () => {
  manifests(["--fill"], { TF_VAR_password: "x" });
  const link = join(folder, "manifests", "11-base-secrets.yaml");
  const kept = join(folder, "kept.yaml");
  renameSync(link, kept);
  symlinkSync("../kept.yaml", link);
  expect(manifests(["--fill"], { TF_VAR_password: "y" })).toMatchObject({ status: 0 });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(kept, "utf8")).toContain(`password: ${Buffer.from("y").toString("base64")}`);
  expect(statSync(kept).mode & 0o777).toBe(0o600);
});

test("one stack asked for leaves the other stacks' files alone", () => {
  manifests();
  const before = contents("10-base.yaml");
  expect(manifests(["--stack", "web"])).toMatchObject({ status: 0, stdout: "manifests/20-web.yaml\n" });
  expect(written()).toEqual(["10-base.yaml", "11-base-secrets.yaml.template", "20-web.yaml"]);
  expect(contents("10-base.yaml")).toBe(before);
});

test("a file of the same name that somebody else wrote is not overwritten, and nothing else is touched", () => {
  manifests();
  const before = contents("10-base.yaml");
  writeFileSync(join(folder, "manifests", "20-web.yaml"), "kind: Mine\n");
  expect(manifests()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("manifests/20-web.yaml was not written by this tool"),
  });
  expect(contents("20-web.yaml")).toBe("kind: Mine\n");
  expect(contents("10-base.yaml")).toBe(before);
});

test("where anything cannot be rendered nothing is written, and the error says where it stands", () => {
  const path = join(folder, "cdktf.out", "stacks", "web", "cdk.tf.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"image": "web:1"', '"image": "web:1", "imago": 1'));
  const { status, stderr } = manifests();
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^manifests: stack web, kubernetes_deployment_v1\.web, spec\.template\.spec\.container\[0\]\.imago: /,
    ),
  });
  expect(existsSync(join(folder, "manifests"))).toBe(false);
});

test.each<[string, string[], string, string]>([
  ["a stack that there is not", ["--stack", "x"], "There is no stack x.", "There are base, web."],
  ["an option that there is not", ["--fil"], "Unknown option '--fil'", "--help"],
  ["nothing synthesized", ["--synth", "nowhere"], "nowhere/manifest.json is not there.", "npm run synth"],
  [
    "a file of secrets that is not there",
    ["--secrets", "nothing.json"],
    "nothing.json cannot be read",
    "It has to be a JSON file.",
  ],
  ["a folder that cannot be made", ["--out", "/dev/null/x"], "/dev/null/x cannot be made", "--out"],
  ["secrets without values", ["--fill"], "the variable password has no value", "TF_VAR_password"],
])("%s is an error with the way out", (_, args, problem, remedy) => {
  const { status, stdout, stderr } = manifests(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(problem);
  expect(stderr).toContain(remedy);
});

test("values that Terraform would read and this tool cannot are an error", () => {
  writeFileSync(join(folder, "terraform.tfvars"), 'replicas = "3"\n');
  expect(manifests()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("Write it as terraform.tfvars.json."),
  });
});

test("the command itself ends with the status, and speaks on its own channels", () => {
  const root = join(__dirname, "..", "..");
  const tsx = join(dirname(createRequire(__filename).resolve("tsx/package.json")), "dist", "cli.mjs");
  const start = (...args: string[]): unknown =>
    spawnSync(process.execPath, [tsx, join(root, "tools", "manifests", "main.ts"), ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  expect(start("--stack", "base")).toMatchObject({
    status: 0,
    stdout: "manifests/10-base.yaml\nmanifests/11-base-secrets.yaml.template\n",
    stderr: "",
  });
  expect(start("--stack", "x")).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("There is no stack x."),
  });
});

test("help says what it does, and does nothing", () => {
  expect(manifests(["--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("npm run manifests [-- OPTIONS]"),
  });
  expect(existsSync(join(folder, "manifests"))).toBe(false);
});
