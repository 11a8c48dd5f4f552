import type { Platform } from "./platform";

/** A promise about the platform, the function that finds where it is broken, and ways to break it, each of which it must find. */
export interface Rule {
  readonly promise: string;
  readonly check: (platform: Platform) => string[];
  readonly mutants: Readonly<Record<string, (platform: Platform) => void>>;
}

/** `finding` where the condition does not hold. */
export function unless(condition: boolean, finding: string): string[] {
  return condition ? [] : [finding];
}

/** Whether labels carry all that a selector asks for. */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
}
