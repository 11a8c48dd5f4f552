/** What the server says about an ensemble (docs/formats.md, `summary`). */
import type { Levels } from "./overview";

export interface EnsembleSummary {
  readonly key: string;
  readonly seed: number;
  readonly steps: number;
  readonly runs: number;
  readonly engine: number;
  readonly hash: string;
  /** Over the runs: steps completed before the energy error first exceeds 1 %, 5 %. */
  readonly trusted1: Levels;
  readonly trusted5: Levels;
  readonly ejected: {
    readonly runs: number;
    readonly share: number;
    /** The first step by which half of all runs are ejected, or null. */
    readonly median: number | null;
  };
  /** The closest approach of all runs, and of each over the runs; length units. */
  readonly closest: { readonly distance: number; readonly seed: number; readonly step: number; readonly quantiles: Levels };
  /** The magnitude of each run's largest energy error. */
  readonly largestError: Levels;
  /** How far a quantile of the sampled quantities may be off: by a share of itself or by a length, whichever is more. */
  readonly bound: { readonly relative: number; readonly absolute: number };
  readonly words: string;
  readonly sizes: Readonly<Record<string, { readonly bytes: number; readonly raw: number }>>;
}
