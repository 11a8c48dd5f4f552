import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { python, root, venv } from "../../../scripts/paths.mjs";
import { onPath } from "../../../scripts/setup/python.mjs";

const tools = join(root, ".porta/scanners");
const lock = join(__dirname, "requirements.lock");
const kubeScoreVersion = "v1.20.0";

/** Programs of others that look for what our own rules did not think of. */
export interface Scanners {
  readonly checkov: string;
  readonly kubernetesValidate: string;
  readonly kubeScore: string;
}

/** Finds the scanners, or installs them once into the checkout: from a lock file, and from source. */
export function scanners(): Scanners {
  const environment = join(tools, createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 12));
  if (!existsSync(environment)) {
    const uv = onPath("uv") ?? join(venv, "bin/uv");
    const half = `${environment}.${process.pid}`;
    run(uv, ["venv", "--quiet", "--no-project", "--relocatable", "--python", python, half]);
    run(uv, ["pip", "install", "--quiet", "--python", half, "--no-deps", "--require-hashes", "--requirement", lock]);
    renameSync(half, environment);
  }
  return {
    checkov: join(environment, "bin/checkov"),
    kubernetesValidate: join(environment, "bin/kubernetes-validate"),
    kubeScore: onPath("kube-score") ?? installKubeScore(),
  };
}

function installKubeScore(): string {
  const bin = join(tools, `kube-score-${kubeScoreVersion}`);
  const program = join(bin, "kube-score");
  if (existsSync(program)) return program;
  if (onPath("go") === undefined) {
    throw new Error("kube-score is not on PATH, and there is no Go to build it. Get it from github.com/zegl/kube-score/releases.");
  }
  mkdirSync(bin, { recursive: true });
  run("go", ["install", `github.com/zegl/kube-score/cmd/kube-score@${kubeScoreVersion}`], { GOBIN: bin, GOTOOLCHAIN: "local" });
  return program;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...env } });
  if (status !== 0) {
    rmSync(join(tools), { recursive: true, force: true });
    throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
}
