import { MAX_SEED } from "../contract";
import { ENSEMBLE } from "../openapi/ensemble";
import { badInput } from "../problem";
import type { Computation, Kind, Progress } from "./kind";
import { keyOf, readRuns, readSeed, readSteps } from "./numbers";

/** Many runs of the model, with one seed and those that follow it, reduced to what one looks at. */
export class Ensemble implements Computation {
  readonly key: string;
  /** It is reduced before it is stored: a single segment. */
  readonly segments = 1;

  /** @param seed of the first run; the last one has seed + runs − 1 */
  constructor(
    readonly steps: number,
    readonly runs: number,
    readonly seed: number,
  ) {
    this.key = keyOf(`ensemble/${steps}/${runs}`, seed);
  }

  get kind(): Kind {
    return ensemble;
  }
}

interface EnsembleProgress extends Progress {
  /** Base64, of all runs that are in; null: as in the last line. */
  readonly overview: string | null;
}

const EXAMPLE = "/ensemble/10000/1000";

export const ensemble: Kind = {
  name: "ensemble",
  parameters: ["steps", "runs"],
  overviewQuery: [],
  products: ["data.json", "data.arrow", "overview", "summary"],
  chunks: ["records", "arrow"],
  // The pool gives an ensemble up for which nobody has waited in 30 s: who only looks in now and then must not let it come to that.
  longestPause: 20,
  example: EXAMPLE,
  description: ENSEMBLE,
  parse: ([stepsText = "", runsText = ""], query, { maxSteps, maxRuns, maxEnsembleSteps }) => {
    const steps = readSteps(stepsText, Math.min(maxSteps, maxEnsembleSteps), EXAMPLE);
    const seed = readSeed(query["seed"], EXAMPLE);
    const runs = readRuns(runsText, Math.min(maxRuns, Math.floor(maxEnsembleSteps / steps)), steps, EXAMPLE);
    if (seed > MAX_SEED - runs + 1) {
      throw badInput("seed", String(seed), `at most ${MAX_SEED - runs + 1} for ${runs} runs`, `${EXAMPLE}?seed=7`);
    }
    return { computation: new Ensemble(steps, runs, seed), detail: null };
  },
  /** The newest overview has all that the earlier ones had. */
  accumulate(whole: EnsembleProgress | null, news: EnsembleProgress): EnsembleProgress {
    return news.overview === null && whole !== null ? { ...news, overview: whole.overview } : news;
  },
};
