import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { passwordOf, redisUsers, jupyterToken, values as names } from "../../stacks/secrets";
import { endOf, endsSoon, makeCertificates } from "./certificates";
import { secretsFile } from "./hand-over";

/** The name of the secrets' file until November 2026. */
const formerFile = "secrets.auto.tfvars.json";

/** The path of a project's secrets; a file by the former name, which cdktf would pass on to every stack, is renamed. */
export function secretsOf(project: string): string {
  const path = join(project, secretsFile);
  const former = join(project, formerFile);
  if (!existsSync(path) && existsSync(former)) renameSync(former, path);
  return path;
}

/** What to make anew although it is there. */
export interface Rotation {
  readonly passwords: boolean;
  readonly certificates: boolean;
}

export interface Secrets {
  readonly values: Readonly<Record<string, string>>;
  /** In words for the terminal, without a value in them. */
  readonly changes: readonly string[];
  /** When the certificates end. */
  readonly certificatesEnd: Date;
}

/**
 * Makes the secrets that are missing or due, and keeps all others. The file is private to its owner; it is replaced whole, so
 * that an interrupted run leaves the old one.
 * @throws Error where the file is there and cannot be understood: it is never overwritten then
 */
export async function ensureSecrets(path: string, rotation: Rotation, now = new Date()): Promise<Secrets> {
  const known = read(path);
  const values: Record<string, string> = {};
  const changes: string[] = [];
  for (const [name, make] of passwords) {
    const old = rotation.passwords ? undefined : known[name];
    values[name] = old ?? make();
    if (old === undefined) changes.push(name);
  }
  const certificates = Object.fromEntries(Object.entries(known).filter(([name]) => !(name in values) && names.includes(name)));
  const reason = due(certificates, rotation, now);
  if (reason !== null) changes.push(`the Dask certificates (${reason})`);
  Object.assign(values, reason === null ? certificates : await makeCertificates(now));
  if (changes.length > 0) write(path, values);
  return { values, changes, certificatesEnd: endOf(values) };
}

const passwords: readonly [string, () => string][] = [
  ...redisUsers.map((user): [string, () => string] => [passwordOf(user), () => randomBytes(24).toString("base64url")]),
  [jupyterToken, () => randomBytes(24).toString("hex")],
];

/** Why the certificates are to be made, or null. */
function due(certificates: Readonly<Record<string, string>>, rotation: Rotation, now: Date): string | null {
  if (rotation.certificates) return "rotated";
  if (names.length - passwords.length > Object.keys(certificates).length) return "new";
  return endsSoon(certificates, now) ? "the old ones end soon" : null;
}

/** Where a link leads, also to a file that does not exist yet: the secrets are kept there, and the link stays. */
function followed(path: string, links = 40): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  if (links === 0) throw new Error(`${path} is a link in a circle of links. Remove it, or let it lead to a file.`);
  return followed(resolve(dirname(path), readlinkSync(path)), links - 1);
}

function read(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  if (!statSync(path).isFile()) throw new Error(`${path} is no regular file, so no secrets can be kept in it. Move it away.`);
  // Whoever made it readable for others, by hand or by a copy, did not mean to.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  let known: unknown;
  try {
    known = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    known = null;
  }
  if (typeof known !== "object" || known === null || !Object.values(known).every((value) => typeof value === "string" && value)) {
    throw new Error(`${path} is damaged: it must be a JSON object of texts. Put a good copy back, or remove it: the next deploy ` +
      "makes new secrets, and every pod that uses one is replaced.");
  }
  return known as Record<string, string>;
}

function write(path: string, values: Readonly<Record<string, string>>): void {
  const target = followed(path);
  const beside = `${target}.${process.pid}`;
  try {
    writeFileSync(beside, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(beside, target);
  } finally {
    rmSync(beside, { force: true });
  }
}
