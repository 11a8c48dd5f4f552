import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { CI_FLAGS, nodeModulesMatch } from "../setup/node-modules.mjs";

const root = join(__dirname, "../..");
const home = join(root, "tools/cdktf");
const command = join(home, "node_modules/.bin/cdktf");

/** Runs the locked cdktf command in the project's folder, installing it where it is not as locked. Resolves to its exit code. */
export async function cdktf(...args: string[]): Promise<number> {
  const terraform = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
  if (spawnSync(terraform, ["version"], { stdio: "ignore" }).error) {
    console.error(`${terraform} is not on PATH. Install Terraform 1.5 or newer, or OpenTofu and set TERRAFORM_BINARY_NAME=tofu. ` +
      "Without either: npm run manifests -- --fill, then kubectl apply -f manifests/.");
    return 1;
  }
  if (!nodeModulesMatch(home)) {
    console.log("The cdktf command is not there yet, or not this version: installing it, once (about 420 MB).");
    const code = await run("npm", ["ci", "--prefix", home, ...CI_FLAGS]);
    if (code !== 0) {
      // Its terminal is a native module that comes compiled for these two; for others npm needs a compiler.
      console.error(`It could not be installed, with Node ${process.versions.node}. Node 20 and 22 install it on Linux without a compiler. ` +
        "Without it: npm run manifests -- --fill, then kubectl apply -f manifests/.");
      return code;
    }
  }
  return run(command, args);
}

/** Runs a program in the project's folder, with our terminal. Resolves to its exit code. */
export function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: "inherit",
      // State and plans hold secrets: nobody but their owner reads what is written from here on.
      env: { ...process.env, CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" },
    });
    child.once("error", reject);
    // It gets Ctrl-C from the terminal as we do, and must be let finish: Terraform writes its state before it ends.
    const wait = (): void => undefined;
    process.on("SIGINT", wait);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", wait);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}
