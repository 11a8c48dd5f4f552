import { digest } from "../secret";

/** Terraform's functions that the stacks use. One that is not here is an error, never a guess. */
export const functions: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  base64decode: (text) => Buffer.from(string(text), "base64").toString("utf8"),
  base64encode: (text) => Buffer.from(string(text), "utf8").toString("base64"),
  join: (separator, ...lists) =>
    lists
      .flatMap((list) => array(list))
      .map(string)
      .join(string(separator)),
  jsonencode: (value) => jsonencode(value),
  lower: (text) => string(text).toLowerCase(),
  md5: (text) => digest("md5", string(text)),
  nonsensitive: (value) => value,
  sensitive: (value) => value,
  sha1: (text) => digest("sha1", string(text)),
  sha256: (text) => digest("sha256", string(text)),
  sha512: (text) => digest("sha512", string(text)),
  tostring: (value) => (value === null ? null : string(value)),
  trimspace: (text) => string(text).trim(),
  upper: (text) => string(text).toUpperCase(),
};

/** Terraform's conversion of a primitive to a string. */
export function string(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(
    `${value === null ? "null" : Array.isArray(value) ? "a list" : "an object"} where a string is wanted`,
  );
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("a list is wanted");
  return value;
}

/** As Terraform encodes: keys sorted, no spaces, and what HTML could read as markup escaped. */
function jsonencode(value: unknown): string {
  const sorted = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sorted);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => [key, sorted(member)]),
    );
  };
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
