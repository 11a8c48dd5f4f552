import { X509Certificate } from "node:crypto";
import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCertificates } from "../../scripts/deploy/certificates";
import { ensureSecrets, type Secrets } from "../../scripts/deploy/secrets";
import { certificateOf, daskAuthority, type DaskRole, daskRoles, keyOf, passwordOf, redisUsers, values as names } from "../../stacks/secrets";
import { temporaryFolder } from "../support/part";

const keep = { passwords: false, certificates: false };
const now = new Date("2026-03-01T12:00:00Z");
const later = (days: number): Date => new Date(now.getTime() + days * 24 * 60 * 60 * 1000);

describe("secrets", () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "secrets.auto.tfvars.json");
  const read = (): Record<string, string> => JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  let first: Secrets;

  beforeAll(async () => {
    first = await ensureSecrets(path, keep, now);
  });
  afterAll(() => folder.remove());
  afterEach(() => writeFileSync(path, JSON.stringify(first.values), { mode: 0o600 }));

  test("are made, every one, in a file that only its owner reads", () => {
    expect(Object.keys(first.values).sort()).toEqual([...names].sort());
    expect(read()).toEqual(first.values);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("are as good as a key of 192 bits, and no two alike", () => {
    const made = [...redisUsers.map(passwordOf), "jupyter_token"].map((name) => first.values[name] ?? "");
    expect(new Set(made).size).toBe(made.length);
    expect(made.every((value) => /^[\w-]{32}$|^[0-9a-f]{48}$/.test(value))).toBe(true);
  });

  test("are kept: the next deploy changes nothing", async () => {
    expect(await ensureSecrets(path, keep, later(1))).toMatchObject({ values: first.values, changes: [] });
    expect(read()).toEqual(first.values);
  });

  test("that are kept elsewhere, with a link to them, are made and changed there", async () => {
    const link = join(folder.path, "link.auto.tfvars.json");
    const kept = join(folder.path, "kept.json");
    symlinkSync("kept.json", link);
    try {
      for (const passwords of [false, true]) {
        const { values } = await ensureSecrets(link, { ...keep, passwords }, now);
        expect(lstatSync(link).isSymbolicLink()).toBe(true);
        expect(JSON.parse(readFileSync(kept, "utf8"))).toEqual(values);
        expect(statSync(kept).mode & 0o777).toBe(0o600);
      }
    } finally {
      for (const path of [link, kept]) rmSync(path);
    }
  });

  test("are not written over what is no file", async () => {
    const link = join(folder.path, "link.auto.tfvars.json");
    for (const [target, words] of [[".", "no regular file"], ["link.auto.tfvars.json", "a circle of links"]] as const) {
      symlinkSync(target, link);
      await expect(ensureSecrets(link, keep, now)).rejects.toThrow(words);
      rmSync(link);
    }
  });

  test("never stand in what is said about them", async () => {
    const { values, changes } = await ensureSecrets(path, { passwords: true, certificates: true }, now);
    const said = changes.join("\n");
    for (const value of Object.values(values)) expect(said).not.toContain(value);
    expect(changes).toHaveLength(redisUsers.length + 2);
  });

  test("are replaced when that is asked for, and only those", async () => {
    const passwords = await ensureSecrets(path, { ...keep, passwords: true }, now);
    for (const name of names) expect(passwords.values[name] === first.values[name]).toBe(name.startsWith("dask_"));
    const certificates = await ensureSecrets(path, { ...keep, certificates: true }, now);
    for (const name of names) expect(certificates.values[name] === passwords.values[name]).toBe(!name.startsWith("dask_"));
  });

  test("that are missing are made beside those that are there", async () => {
    writeFileSync(path, JSON.stringify({ ...first.values, redis_password_worker: undefined }), { mode: 0o600 });
    const { values, changes } = await ensureSecrets(path, keep, now);
    expect(changes).toEqual(["redis_password_worker"]);
    expect(values).toEqual({ ...first.values, redis_password_worker: values["redis_password_worker"] });
  });

  test("that nobody uses any more go, with the next that is made", async () => {
    writeFileSync(path, JSON.stringify({ ...first.values, forgotten: "x", jupyter_token: undefined }), { mode: 0o600 });
    await ensureSecrets(path, keep, now);
    expect(Object.keys(read()).sort()).toEqual([...names].sort());
  });

  test("that others could read are closed again", async () => {
    chmodSync(path, 0o644);
    await ensureSecrets(path, keep, now);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each(["", "{", "[]x", "null", '{"jupyter_token": 1}', '{"jupyter_token": ""}'])("in a damaged file (%j) are never overwritten", async (text) => {
    writeFileSync(path, text);
    await expect(ensureSecrets(path, keep, now)).rejects.toThrow(/is damaged.*remove it/);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(folder.path)).toHaveLength(1);
  });

  test("certificates are renewed by a deploy in their last three months, all of them, and passwords stay", async () => {
    expect((await ensureSecrets(path, keep, later(274))).changes).toEqual([]);
    const { values, changes } = await ensureSecrets(path, keep, later(276));
    expect(changes).toEqual([expect.stringContaining("Dask certificates")]);
    for (const name of names) expect(values[name] === first.values[name]).toBe(!name.startsWith("dask_"));
  });
});

describe("certificates", () => {
  let values: Readonly<Record<string, string>>;
  const certificate = (name: string): X509Certificate => new X509Certificate(values[name] ?? "");
  const usages: Readonly<Record<DaskRole, readonly string[]>> = {
    scheduler: ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"],
    worker: ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"],
    client: ["1.3.6.1.5.5.7.3.2"],
  };

  beforeAll(async () => {
    values = await makeCertificates(now);
  });

  test.each(daskRoles)("%s has its own, of the one authority, for its own key, for a year", (role) => {
    const leaf = certificate(certificateOf(role));
    const authority = certificate(daskAuthority);
    expect(leaf.subject).toBe(`CN=dask-${role}`);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(usages[role]);
    expect(new Date(leaf.validTo)).toEqual(later(365));
    expect(new Date(leaf.validFrom).getTime()).toBeLessThan(now.getTime());
  });

  test.each(daskRoles)("%s holds the key to its certificate", async (role) => {
    const { createPrivateKey } = await import("node:crypto");
    expect(certificate(certificateOf(role)).checkPrivateKey(createPrivateKey(values[keyOf(role)] ?? ""))).toBe(true);
  });

  test("the authority's key is not among them: three keys, one a leaf", () => {
    expect(certificate(daskAuthority).ca).toBe(true);
    expect(Object.values(values).filter((value) => value.includes("PRIVATE KEY"))).toHaveLength(daskRoles.length);
    expect(Object.keys(values)).not.toContain(keyOf("authority" as DaskRole));
  });

  test("another authority's leaves are not ours", async () => {
    const foreign = await makeCertificates(now);
    expect(new X509Certificate(foreign[certificateOf("worker")] ?? "").verify(certificate(daskAuthority).publicKey)).toBe(false);
  });
});
