import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Where the secrets are kept. cdktf passes every `*.auto.tfvars.json` of the project on to each stack, so this is not called so. */
export const secretsFile = "secrets.tfvars.json";

/** Each stack's own share of the secrets, a file a stack. */
const sharesFolder = `${secretsFile}.d`;

/**
 * In a stack's own folder: Terraform reads it there by itself, and cdktf does not see it. It is a link, since the synthesized
 * output is copied and archived, and must hold no secret.
 */
const handedLink = "secrets.auto.tfvars.json";

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
  const shares = join(project, sharesFolder);
  rmSync(shares, { recursive: true, force: true });
  for (const [stack, { synthesizedStackPath, workingDirectory }] of Object.entries(stacks)) {
    const { variable = {} } = read<{ variable?: object }>(join(synthesized, synthesizedStackPath));
    const own = Object.entries(values).filter(([name]) => Object.hasOwn(variable, name));
    const link = join(synthesized, workingDirectory, handedLink);
    rmSync(link, { force: true });
    if (own.length === 0) continue;
    mkdirSync(shares, { recursive: true, mode: 0o700 });
    const share = join(shares, `${stack}.json`);
    writeFileSync(share, `${JSON.stringify(Object.fromEntries(own), null, 2)}\n`, { mode: 0o600, flag: "wx" });
    symlinkSync(relative(dirname(link), share), link);
  }
  return existsSync(kept);
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
