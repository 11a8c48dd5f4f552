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

/** 0: energy right to 1 %; 1: to 5 %; 2: beyond. */
export type Trust = 0 | 1 | 2;

/** How far a window that ends with `step` may be trusted; before there is a verdict, as if to 5 %. */
export function trust(verdict: Verdict | null, step: number): Trust {
  if (!verdict) return 1;
  return step <= verdict.trusted1 ? 0 : step <= verdict.trusted5 ? 1 : 2;
}

/** The steps of the first view. A run that fails at its first step still shows that step. */
export function trustedSteps({ steps, verdict }: Pick<Summary, "steps" | "verdict">): number {
  return Math.min(steps, Math.max(1, verdict.trusted5));
}
