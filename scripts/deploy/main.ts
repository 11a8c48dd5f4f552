import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment } from "../../stacks/config/environment";
import { readConfig } from "../../stacks/config/config";
import { readJson } from "../../tools/manifests/synth";
import { cdktf, run } from "./cdktf";
import { ensureSecrets, type Rotation, secretsFile } from "./secrets";
import { sayWhatPodsWaitFor } from "./waiting";

const root = join(__dirname, "../..");

const usage = `npm run deploy  [-- stacks…] [--rotate-passwords] [--rotate-certificates] [options of cdktf deploy]
npm run destroy [-- stacks…] [options of cdktf destroy]
npm run secrets [-- --rotate-passwords] [--rotate-certificates]

deploy makes the secrets that are missing, checks and synthesizes the stacks, and has cdktf put them up: all of them, unless some
are named (with --ignore-missing-stack-dependencies where what they stand on is up already). What it does not know it passes on, such
as --auto-approve or --parallelism 1.`;

/** Runs a command of this file and resolves to its exit code. */
async function main([command, ...args]: string[]): Promise<number> {
  if (args.includes("--help") || !["deploy", "destroy", "secrets"].includes(command ?? "")) {
    console.log(usage);
    return args.includes("--help") ? 0 : 2;
  }
  const { rotation, rest } = split(args);
  // What the cluster is asked for, and by whom: nobody else shall read secrets, state and plans that are written from here on.
  process.umask(0o077);
  // The other two commands synthesize, which tells the remarks on .env.
  const config = readConfig(environment(root, command === "secrets" ? console.error : () => undefined));
  await secrets(rotation);
  if (command === "secrets") return 0;
  const synthesized = await run("npm", ["run", "--silent", "synth"]);
  if (synthesized !== 0) return synthesized;
  const { stacks: known } = readJson(join(root, "cdktf.out/manifest.json")) as { stacks: object };
  const named = rest.some((word) => word in known || word.includes("*"));
  const stacks = named ? rest : ["*", ...rest];
  if (command === "destroy") return cdktf("destroy", "--skip-synth", ...stacks);
  const hush = sayWhatPodsWaitFor(config, (line) => console.error(`  still waiting: ${line}`));
  try {
    return await cdktf("deploy", "--skip-synth", ...stacks);
  } finally {
    hush();
  }
}

function split(args: readonly string[]): { rotation: Rotation; rest: string[] } {
  const ours = ["--rotate-passwords", "--rotate-certificates"];
  const { values } = parseArgs({
    args: args.filter((word) => ours.includes(word)),
    options: { "rotate-passwords": { type: "boolean" }, "rotate-certificates": { type: "boolean" } },
  });
  return {
    rotation: { passwords: values["rotate-passwords"] ?? false, certificates: values["rotate-certificates"] ?? false },
    rest: args.filter((word) => !ours.includes(word)),
  };
}

async function secrets(rotation: Rotation): Promise<void> {
  const { changes, certificatesEnd } = await ensureSecrets(join(root, secretsFile), rotation);
  if (changes.length > 0) console.log(`Made anew: ${changes.join(", ")}. They stand in ${secretsFile}, for your eyes only.`);
  console.log(`The Dask certificates are good until ${certificatesEnd.toISOString().slice(0, 10)}; a deploy renews them in time.`);
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
