import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureSecrets } from "../../scripts/deploy/secrets";
import { temporaryFolder } from "../support/part";
import findings from "./scanners/findings.json";
import { type Scanners, scanners } from "./scanners/tools";
import { synthesize } from "./support/synth";

/** Kubernetes versions that the manifests have to fit: the oldest that is still maintained, and the newest known. */
const versions = ["1.34", "1.36"];

/** Every finding as `check object`. */
type Explained = Readonly<Record<string, { objects: string[]; why: string }>>;
const explained = (tool: Explained): string[] =>
  Object.entries(tool).flatMap(([check, { objects }]) => objects.map((object) => `${check} ${object}`)).sort();

describe("other people's scanners", () => {
  const folder = temporaryFolder();
  const manifests = join(folder.path, "manifests");
  let synthesized: string;
  let files: string[];
  let tools: Scanners;

  beforeAll(async () => {
    tools = scanners();
    synthesized = synthesize();
    const secrets = join(folder.path, "secrets.json");
    await ensureSecrets(secrets, { passwords: false, certificates: false });
    const root = join(__dirname, "../..");
    const render = ["tools/manifests/main.ts", "--synth", synthesized, "--out", manifests, "--secrets", secrets];
    execFileSync(join(root, "node_modules/.bin/tsx"), render, { cwd: root, stdio: "pipe" });
    files = readdirSync(manifests).filter((name) => name.endsWith(".yaml")).map((name) => join(manifests, name));
  }, 900_000);
  afterAll(() => folder.remove());

  test("checkov finds in the synthesized stacks what is explained, and nothing else", () => {
    const args = ["--framework", "terraform_json", "--directory", synthesized, "--output", "json", "--quiet", "--skip-download"];
    const { stdout, stderr } = spawnSync(tools.checkov, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const { summary, results } = JSON.parse(stdout || JSON.stringify({ stderr })) as {
      summary: { passed: number };
      results: { failed_checks: { check_id: string; resource: string }[] };
    };
    // With the wrong framework it checks nothing, and is content.
    expect(summary.passed).toBeGreaterThan(100);
    const found = results.failed_checks.map(({ check_id: check, resource }) => `${check} ${/^resource\.(.*)_deployment_[0-9A-F]{8}$/.exec(resource)?.[1] ?? resource}`);
    expect(found.sort()).toEqual(explained(findings.checkov));
  }, 300_000);

  test("kube-score finds in the manifests what is explained, and nothing else", () => {
    const { stdout, stderr } = spawnSync(tools.kubeScore, ["score", "--output-format", "json", ...files], { encoding: "utf8", maxBuffer: 2 ** 28 });
    const objects = JSON.parse(stdout || JSON.stringify({ stderr })) as {
      object_meta: { name: string };
      checks: { check: { id: string }; grade: number; skipped: boolean }[];
    }[];
    const checks = objects.flatMap(({ object_meta: { name }, checks: all }) =>
      all.filter(({ skipped }) => !skipped).map(({ check: { id }, grade }) => ({ id, name, grade })));
    expect(checks.filter(({ grade }) => grade === 10).length).toBeGreaterThan(100);
    expect(checks.filter(({ grade }) => grade < 10).map(({ id, name }) => `${id} ${name}`).sort()).toEqual(explained(findings["kube-score"]));
  }, 120_000);

  test.each(versions)("the manifests are what Kubernetes %s knows, to the last field", (version) => {
    const { status, stdout, stderr } = spawnSync(tools.kubernetesValidate, ["--strict", "-k", version, ...files], { encoding: "utf8" });
    expect({ status, wrong: (stdout + stderr).split("\n").filter((line) => line && !/^INFO .* passed for resource/.test(line)) })
      .toEqual({ status: 0, wrong: [] });
    const objects = files.flatMap((file) => readFileSync(file, "utf8").match(/^kind: /gm) ?? []).length;
    expect((stdout + stderr).match(/passed for resource/g)).toHaveLength(objects);
    expect(objects).toBeGreaterThan(25);
  }, 120_000);

  test("every explanation says why", () => {
    for (const { why } of [...Object.values(findings.checkov), ...Object.values(findings["kube-score"])]) expect(why.length).toBeGreaterThan(20);
  });
});
