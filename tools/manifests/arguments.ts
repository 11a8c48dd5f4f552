import { parseArgs } from "node:util";
import { UsageError } from "./errors";

export const USAGE = `Renders what \`cdktf synth\` made into plain Kubernetes manifests, a file a stack, numbered in the
order of applying, for kubectl, Argo CD or Flux: the objects that \`cdktf deploy\` would create.

  npm run manifests [-- OPTIONS]

  --out DIR        where to write (default: manifests); files written there before are replaced
  --stack NAME     only this stack; may be given more than once
  --synth DIR      what \`cdktf synth\` wrote (default: cdktf.out)
  --fill           write Secrets with their values, from TF_VAR_…, terraform.tfvars.json and
                   *.auto.tfvars.json here and in each stack's folder; without it they are described in *.yaml.template
  --secrets FILE   as --fill, and values from this JSON file (variable: value) win
  --help           this

Apply with \`kubectl apply -f manifests/\`; order and waiting are as good as kubectl's.
`;

export interface Arguments {
  readonly out: string;
  readonly synth: string;
  /** All stacks where empty. */
  readonly stacks: readonly string[];
  readonly fill: boolean;
  readonly secrets: string | undefined;
  readonly help: boolean;
}

export function readArguments(given: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        out: { type: "string", default: "manifests" },
        synth: { type: "string", default: "cdktf.out" },
        stack: { type: "string", multiple: true, default: [] },
        fill: { type: "boolean", default: false },
        secrets: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const { out, synth, stack, fill, secrets, help } = values;
    return { out, synth, stacks: stack, fill: fill || secrets !== undefined, secrets, help };
  } catch (problem) {
    throw new UsageError((problem as Error).message.split("\n", 1)[0] ?? "", "See `npm run manifests -- --help`.");
  }
}
