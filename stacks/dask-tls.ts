import { files, type Mount } from "./constructs/mounts";
import { daskCertificate, type DaskRole, type SecretSpec } from "./secrets";

/** What makes a Dask process speak only encrypted, and only to holders of a certificate of our authority. */
export interface DaskTls {
  readonly secret: SecretSpec;
  readonly mount: Mount;
  readonly env: Readonly<Record<string, string>>;
}

export function daskTls(role: DaskRole): DaskTls {
  const secret = daskCertificate(role);
  const mount = files(secret, "/run/porta/tls");
  const tls = "DASK_DISTRIBUTED__COMM__TLS";
  return {
    secret,
    mount,
    env: {
      DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION: "True",
      [`${tls}__CA_FILE`]: `${mount.path}/ca.crt`,
      [`${tls}__${role.toUpperCase()}__CERT`]: `${mount.path}/tls.crt`,
      [`${tls}__${role.toUpperCase()}__KEY`]: `${mount.path}/tls.key`,
    },
  };
}
