// @peculiar/x509 finds its parts by decorators, and leaves it to its users to bring what these need.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { certificateOf, daskAuthority, type DaskRole, daskRoles, keyOf } from "../../stacks/secrets";

x509.cryptoProvider.set(webcrypto);

/** P-256: short, fast, and understood by every OpenSSL that Python may bring. */
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const day = 24 * 60 * 60 * 1000;
const validity = 365 * day;

/** A deploy renews what ends sooner than this. */
const renewal = 90 * day;

/** Clocks of nodes may be behind this machine's. */
const skew = 60 * 60 * 1000;

/**
 * A new authority and a leaf for each role, as values in PEM. The authority's key exists only inside this call: nobody can make
 * another certificate that the pool trusts, and a rotation replaces all of them.
 */
export async function makeCertificates(now = new Date()): Promise<Record<string, string>> {
  const notBefore = new Date(now.getTime() - skew);
  const notAfter = new Date(now.getTime() + validity);
  const name = `CN=porta-dask-authority-${now.toISOString().slice(0, 10)}`;
  const keys = await webcrypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name, keys, notBefore, notAfter, signingAlgorithm: algorithm, serialNumber: serial(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const values: Record<string, string> = { [daskAuthority]: pem(authority) };
  for (const role of daskRoles) {
    const own = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const leaf = await x509.X509CertificateGenerator.create({
      subject: `CN=dask-${role}`, issuer: authority.subject, publicKey: own.publicKey, signingKey: keys.privateKey,
      notBefore, notAfter, signingAlgorithm: algorithm, serialNumber: serial(),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages(role)),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: `dask-${role}` }]),
        await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    values[certificateOf(role)] = pem(leaf);
    values[keyOf(role)] = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", own.privateKey), "PRIVATE KEY") + "\n";
  }
  return values;
}

/** When the first of these certificates ends. @throws Error where one cannot be read */
export function endOf(values: Readonly<Record<string, string>>): Date {
  const ends = [daskAuthority, ...daskRoles.map(certificateOf)].map((name) => new x509.X509Certificate(values[name] ?? "").notAfter);
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}

/** Whether they end so soon that a deploy had better replace them. */
export function endsSoon(values: Readonly<Record<string, string>>, now = new Date()): boolean {
  return endOf(values).getTime() - now.getTime() < renewal;
}

/** A client only calls: nobody who steals its certificate can pass for a scheduler or a worker. */
function usages(role: DaskRole): x509.ExtendedKeyUsage[] {
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  return role === "client" ? [clientAuth] : [clientAuth, serverAuth];
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

/** 127 random bits, positive. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}
