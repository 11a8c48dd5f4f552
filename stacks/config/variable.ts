import { mebibytes, millicores } from "./quantity";

/** What may stand in one variable of the environment. */
export interface Kind<T> {
  /** What is allowed, as the end of "… is not allowed: ". */
  readonly allowed: string;
  /** The value, or undefined where the text is not allowed. */
  readonly parse: (text: string) => T | undefined;
}

/** One variable: its kind, its default as one would write it (empty: none), and what it means, for the table. */
export interface Variable<T> extends Kind<T> {
  readonly default: string;
  readonly meaning: string;
}

/** The value that a `Variable` yields. */
export type ValueOf<V> = V extends Variable<infer T> ? T : never;

export function variable<T>(kind: Kind<T>, preset: string, meaning: string): Variable<T> {
  return { ...kind, default: preset, meaning };
}

export function integer(least: number, most: number): Kind<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const value = /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}

export function choice<const T extends string>(...values: T[]): Kind<T> {
  return { allowed: `one of ${values.join(", ")}`, parse: (text) => values.find((value) => value === text) };
}

export function pattern(expression: RegExp, allowed: string): Kind<string> {
  return { allowed, parse: (text) => (expression.test(text) ? text : undefined) };
}

/** Millicores. */
export const cpu: Kind<number> = {
  allowed: "an amount of CPU from 10m to 64, such as 250m or 1",
  parse: (text) => within(millicores(text), 10, 64_000),
};

/** Mebibytes, at least `least`. */
export function memory(least: number): Kind<number> {
  return {
    allowed: `an amount of memory from ${least}Mi to 1024Gi, such as 512Mi or 2Gi`,
    parse: (text) => within(mebibytes(text), least, 1024 * 1024),
  };
}

/** Empty means: none. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  return {
    allowed: `empty, or ${kind.allowed}`,
    parse: (text) => (text === "" ? null : kind.parse(text)),
  };
}

/** A reference to an image that names what it means: with a digest, or with a tag other than `latest`. */
export const image: Kind<string> = {
  allowed: "an image with a tag or digest that stays put (not latest), such as registry.example/porta/frontend:1.2.3",
  parse: (text) => {
    const [, tag, digest] = /^[a-z0-9][a-zA-Z0-9._/:-]*?(?::([\w][\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$/.exec(text) ?? [];
    return digest !== undefined || (tag !== undefined && tag !== "latest") ? text : undefined;
  },
};

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}
