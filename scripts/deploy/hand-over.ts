import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the secrets are kept. cdktf passes every `*.auto.tfvars.json` of the project on to each stack, so this is not called so. */
export const secretsFile = "secrets.tfvars.json";

/** In a stack's own folder: Terraform reads it there by itself, and cdktf does not see it. */
const handedFile = "secrets.auto.tfvars.json";

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string; readonly workingDirectory: string }>>;
}

/**
 * Gives each synthesized stack the secrets that it declares, and no others: Terraform warns of each value that a stack does not
 * declare, and a stack has no need of another's secrets.
 *
 * @param project where the secrets are kept
 * @param synthesized the folder that `cdktf synth` writes
 * @returns whether there are secrets
 */
export function handOverSecrets(project: string, synthesized: string): boolean {
  const kept = join(project, secretsFile);
  const values = existsSync(kept) ? read<Record<string, unknown>>(kept) : {};
  const { stacks } = read<Manifest>(join(synthesized, "manifest.json"));
  for (const { synthesizedStackPath, workingDirectory } of Object.values(stacks)) {
    const { variable = {} } = read<{ variable?: object }>(join(synthesized, synthesizedStackPath));
    const own = Object.entries(values).filter(([name]) => Object.hasOwn(variable, name));
    const path = join(synthesized, workingDirectory, handedFile);
    rmSync(path, { force: true });
    if (own.length === 0) continue;
    writeFileSync(path, `${JSON.stringify(Object.fromEntries(own), null, 2)}\n`, { mode: 0o600, flag: "wx" });
  }
  return existsSync(kept);
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
