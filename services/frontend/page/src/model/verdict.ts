import type { Windows } from "./overview";

/** What the server says about a result (docs/formats.md, `summary`), and how far each step may be trusted. */
export interface Summary {
  readonly key: string;
  readonly seed: number;
  readonly steps: number;
  readonly engine: number;
  readonly records: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly time: number;
  readonly hash: string;
  readonly verdict: Verdict;
  readonly sizes: Readonly<Record<string, { readonly bytes: number; readonly raw: number }>>;
}

export interface Verdict {
  /** Steps completed before the energy error first exceeds 1 %, 5 %. */
  readonly trusted1: number;
  readonly trusted5: number;
  /** The step from which on the satellite is gone, or null. */
  readonly ejected: number | null;
  readonly energyError: { readonly largest: number; readonly last: number };
  readonly kepler: { readonly largest: number; readonly last: number };
  readonly words: string;
}

/** Up to which step a result holds. */
export type Limits = Pick<Verdict, "trusted1" | "trusted5">;

/** 0: energy right to 1 %; 1: to 5 %; 2: beyond. */
export type Trust = 0 | 1 | 2;

/** How far a window that ends with `step` may be trusted. */
export function trust(verdict: Limits, step: number): Trust {
  return step <= verdict.trusted1 ? 0 : step <= verdict.trusted5 ? 1 : 2;
}

/** What the windows known so far say of the limits, to a window: the verdict itself comes with the last step. */
export function foretell(windows: Windows): Limits {
  const before = (limit: number): number => {
    for (let row = 0; row < windows.count; row += 1) {
      if (windows.known(row) && windows.energyError(row).some((error) => Math.abs(error) > limit)) return windows.firstStep(row);
    }
    return windows.to;
  };
  return { trusted1: before(0.01), trusted5: before(0.05) };
}

/** The steps of the first view. A run that fails at its first step still shows that step. */
export function trustedSteps({ steps, verdict }: Pick<Summary, "steps" | "verdict">): number {
  return Math.min(steps, Math.max(1, verdict.trusted5));
}
