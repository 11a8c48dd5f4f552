import { Sealed, sealedIn } from "./secret";
import { renderStack, type KubernetesObject, type RenderOptions } from "./stack";
import type { Stack } from "./synth";
import { toYaml } from "./yaml";

/** A file to write. */
export interface OutputFile {
  readonly name: string;
  readonly text: string;
  /** Holds values of secrets: for its owner's eyes alone, and for no repository. */
  readonly secret: boolean;
}

/** Between two stacks' files, so that one can be put between them by hand. */
const STEP = 10;

/**
 * An app's manifests, a file a stack, numbered in the order in which they are to be applied. Secrets whose values
 * come from sensitive variables stand in a file of their own after their stack's: a template that tools for
 * applying pass over, or the Secrets themselves where `fill` is set.
 *
 * @param chosen The stacks to render, by name; all by default. A stack's number is the same either way.
 */
export function renderApp(
  stacks: readonly Stack[],
  options: Omit<RenderOptions, "others">,
  chosen?: ReadonlySet<string>,
): OutputFile[] {
  const digits = String(stacks.length * STEP).length;
  return stacks.flatMap((stack, index) => {
    if (chosen?.has(stack.name) === false) return [];
    const sealed = renderStack(stack.json, { ...options, fill: false, others: stacks });
    const objects =
      options.fill === true ? renderStack(stack.json, { ...options, others: stacks, note: () => undefined }) : sealed;
    const isSecret = sealed.map((object) => sealedIn(object).length > 0);
    const plain = objects.filter((_, position) => isSecret[position] === false);
    const secret = objects.filter((_, position) => isSecret[position]);
    const files: OutputFile[] = [];
    const name = (offset: number, rest: string): string =>
      `${String((index + 1) * STEP + offset).padStart(digits, "0")}-${stack.name}${rest}`;
    if (plain.length > 0)
      files.push({ name: name(0, ".yaml"), text: toYaml(plain, [`Stack ${stack.name}.`]), secret: false });
    if (secret.length > 0 && options.fill === true)
      files.push({
        name: name(1, "-secrets.yaml"),
        text: toYaml(secret, [`Secrets of stack ${stack.name}, with their values: keep them out of repositories.`]),
        secret: true,
      });
    if (secret.length > 0 && options.fill !== true)
      files.push({
        name: name(1, "-secrets.yaml.template"),
        text: toYaml(secret.map(described), instructions(stack.name, secret)),
        secret: false,
      });
    return files;
  });
}

/** A Secret with the names of variables in place of what depends on them. */
function described({ data, ...secret }: KubernetesObject): KubernetesObject {
  const values = Object.entries(data as Record<string, unknown>).map(([key, value]): [string, string] => [
    key,
    value instanceof Sealed
      ? value.variables.map((name) => `\${var.${name}}`).join(" ")
      : Buffer.from(String(value), "base64").toString("utf8"),
  ]);
  return { ...secret, stringData: Object.fromEntries(values) } as unknown as KubernetesObject;
}

function instructions(stack: string, secrets: readonly KubernetesObject[]): string[] {
  return [
    `Secrets of stack ${stack}, described: their values depend on sensitive variables and are not here.`,
    "Make them with your own tool for secrets, under these names and keys, or have them filled in:",
    "",
    "  npm run manifests -- --fill                   values from TF_VAR_… and *.auto.tfvars.json",
    "  npm run manifests -- --secrets values.json    values from this file too",
    "",
    "Pods read them when they start. A rendering with values carries their checksums, so that a changed one rolls its pods;",
    "this one does not: after a change, kubectl rollout restart deployment.",
    "",
    ...secrets.flatMap(({ metadata, data }) =>
      Object.entries(data as Record<string, unknown>).flatMap(([key, value]) => {
        if (!(value instanceof Sealed)) return [];
        return [
          `  Secret ${metadata.name}, key ${key}: from ${value.variables.map((name) => `var.${name}`).join(", ")}`,
        ];
      }),
    ),
  ];
}
