import acl from "../services/propagation/src/porta/acl.json";

/**
 * What is secret, by name. A *value* is made by `npm run deploy` and passed as a sensitive Terraform variable of that name; a
 * *secret* is a Secret of the namespace, whose files hold values. Nothing here holds one.
 */

export type RedisUser = keyof typeof acl;
export const redisUsers = Object.keys(acl) as RedisUser[];
export const passwordOf = (user: RedisUser): string => `redis_password_${user}`;

export const jupyterToken = "jupyter_token";

/** A leaf certificate each. Clients only call; scheduler and workers are called as well. */
export const daskRoles = ["scheduler", "worker", "client"] as const;
export type DaskRole = (typeof daskRoles)[number];
export const daskAuthority = "dask_authority";
export const certificateOf = (role: DaskRole): string => `dask_${role}_certificate`;
export const keyOf = (role: DaskRole): string => `dask_${role}_key`;

/** Every value there is. */
export const values: readonly string[] = [
  ...redisUsers.map(passwordOf),
  jupyterToken,
  daskAuthority,
  ...daskRoles.flatMap((role) => [certificateOf(role), keyOf(role)]),
];

/** How a file of a secret speaks of a value: as itself, or as the hex SHA-256 of it. */
export interface Refer {
  readonly value: (name: string) => string;
  readonly sha256: (name: string) => string;
}

export interface SecretSpec {
  readonly name: string;
  readonly type: "Opaque" | "kubernetes.io/tls";
  /** The values that its files are made of. */
  readonly values: readonly string[];
  readonly files: Readonly<Record<string, (refer: Refer) => string>>;
}

const opaque = (name: string, file: string, value: string): SecretSpec => ({
  name, type: "Opaque", values: [value], files: { [file]: (refer) => refer.value(value) },
});

export const redisPassword = (user: RedisUser): SecretSpec => opaque(`redis-${user}`, "password", passwordOf(user));

/** Redis' access list. It knows hashes: a password itself stands in its user's secret only. */
export const accessList: SecretSpec = {
  name: "redis-acl",
  type: "Opaque",
  values: redisUsers.map(passwordOf),
  files: {
    "users.acl": ({ sha256 }) => [
      "user default off",
      ...redisUsers.map((user) => `user ${user} on #${sha256(passwordOf(user))} ${acl[user]}`),
      "",
    ].join("\n"),
  },
};

export const jupyterSecret = opaque("jupyter-token", "token", jupyterToken);

export const daskCertificate = (role: DaskRole): SecretSpec => {
  const files = { "ca.crt": daskAuthority, "tls.crt": certificateOf(role), "tls.key": keyOf(role) };
  return {
    name: `dask-${role}-tls`,
    type: "kubernetes.io/tls",
    values: Object.values(files),
    files: Object.fromEntries(Object.entries(files).map(([file, value]) => [file, (refer) => refer.value(value)])),
  };
};

export const secrets: readonly SecretSpec[] = [
  accessList, ...redisUsers.map(redisPassword), jupyterSecret, ...daskRoles.map(daskCertificate),
];
