import { createHash } from "node:crypto";

/**
 * Stands for a value that depends on sensitive variables whose values were not asked for. It goes through
 * functions and templates as such, so that where it ends up is known without its ever being read.
 */
export class Sealed {
  /** The variables it depends on, sorted. */
  public readonly variables: readonly string[];

  public constructor(variables: Iterable<string>) {
    this.variables = [...new Set(variables)].sort();
  }
}

/** The sealed parts of a value, at any depth. */
export function sealedIn(value: unknown): Sealed[] {
  if (value instanceof Sealed) return [value];
  if (Array.isArray(value)) return value.flatMap(sealedIn);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(sealedIn);
  return [];
}

/** One sealed value for all sealed parts of `values`, or undefined where there are none. */
export function sealOver(values: readonly unknown[]): Sealed | undefined {
  const parts = values.flatMap(sealedIn);
  return parts.length === 0 ? undefined : new Sealed(parts.flatMap((part) => part.variables));
}

export function digest(algorithm: "md5" | "sha1" | "sha256" | "sha512", text: string): string {
  return createHash(algorithm).update(text, "utf8").digest("hex");
}
