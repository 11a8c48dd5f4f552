import { isIgnored, nearestName } from "./names";

/** What a query says. */
export interface Reading {
  /** Names of ours with their values as sent. */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly fault: Fault | null;
}

export type Fault =
  | { readonly what: "repeated"; readonly name: string; readonly pair: string }
  /** `nearest`: the name of ours that it may stand for. */
  | { readonly what: "unknown"; readonly name: string; readonly nearest: string | undefined };

export interface ReadOptions {
  /** Pages ignore every foreign name; data routes only those that are known to carry nothing. */
  readonly ignore: "all" | "known";
}

/**
 * Reads a query as it came over the wire, and stops at the first fault. Empty pairs are skipped: `?`, `?&_=1` and `?seed=7&`
 * come from programs that join strings.
 *
 * @param text without the question mark
 * @param ours the names that the route knows
 */
export function readQuery(text: string, ours: readonly string[], { ignore }: ReadOptions): Reading {
  const values: Record<string, string | undefined> = {};
  if (text === "") return { values, fault: null };
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    if (ours.includes(name)) {
      if (values[name] !== undefined) return { values, fault: { what: "repeated", name, pair } };
      values[name] = value;
      continue;
    }
    if (isIgnored(name, value, ours)) continue;
    const nearest = nearestName(name, ours);
    if (ignore === "known" || nearest !== undefined) return { values, fault: { what: "unknown", name, nearest } };
  }
  return { values, fault: null };
}
