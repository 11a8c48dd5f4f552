import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment } from "../../stacks/config/environment";
import { readConfig } from "../../stacks/config/config";
import { readJson } from "../../tools/manifests/synth";
import { cdktf, run } from "./cdktf";
import { secretsFile } from "./hand-over";
import { ensureSecrets, type Rotation, secretsOf } from "./secrets";
import { differences, readStates, type States } from "./summary";
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
  const said = await secrets(rotation);
  if (command === "secrets") {
    said.forEach((line) => console.log(line));
    return 0;
  }
  const synthesized = await run("npm", ["run", "--silent", "synth"]);
  if (synthesized !== 0) return synthesized;
  const output = join(root, "cdktf.out");
  const { stacks: known } = readJson(join(output, "manifest.json")) as { stacks: object };
  const named = rest.some((word) => word in known || word.includes("*"));
  const stacks = named ? rest : ["*", ...rest];
  const states = (): States => readStates(output, Object.keys(known));
  const before = states();
  const hush = command === "destroy" ? () => undefined : sayWhatPodsWaitFor(config, (line) => console.error(`  still waiting: ${line}`));
  const code = await cdktf(command as string, "--skip-synth", ...stacks).finally(hush);
  // At the end, where it is read: cdktf prints hundreds of lines.
  const end = code === 0 ? "is done" : `did not end well (${code}), cdktf says above why`;
  console.log([`The ${command} ${end}.`, ...differences(before, states()), ...said].join("\n"));
  return code;
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

/** Makes the secrets that are missing, and returns lines about them for the terminal. */
async function secrets(rotation: Rotation): Promise<string[]> {
  const { changes, certificatesEnd } = await ensureSecrets(secretsOf(root), rotation);
  return [
    ...(changes.length > 0 ? [`Made anew: ${changes.join(", ")}. They stand in ${secretsFile}, for your eyes only.`] : []),
    `The Dask certificates are good until ${certificatesEnd.toISOString().slice(0, 10)}; a deploy renews them in time.`,
  ];
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
