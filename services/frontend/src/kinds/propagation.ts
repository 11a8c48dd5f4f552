import { SEGMENT_STEPS } from "../contract";
import { PROPAGATION } from "../openapi/propagation";
import { overviewDetail } from "../overview/detail";
import { windowsOf } from "../overview/levels";
import { badInput } from "../problem";
import type { Ready } from "../ready";
import type { ResultStore } from "../store";
import type { Computation, Detail, Kind, Progress, Query } from "./kind";
import { keyOf, readSeed, readSteps } from "./numbers";

/** One run of the model. */
export class Run implements Computation {
  readonly key: string;

  /**
   * @param steps completed steps, 1 … `MAX_STEPS`
   * @param seed seed of the random time steps, 0 … 2⁵³ − 1
   */
  constructor(
    readonly steps: number,
    readonly seed: number,
  ) {
    this.key = keyOf(`propagation/${steps}`, seed);
  }

  get kind(): Kind {
    return propagation;
  }

  get segments(): number {
    return Math.ceil(this.steps / SEGMENT_STEPS);
  }
}

/** A range of completed steps, half-open; widened to whole windows. */
export class StepRange implements Detail {
  constructor(
    readonly run: Run,
    readonly from: number,
    readonly to: number,
  ) {}

  make(store: ResultStore): Promise<Ready | null> {
    return overviewDetail(store, this);
  }
}

/** Rows of the overview that are there already; `data` is base64. */
interface Windows {
  readonly first: number;
  readonly data: string;
}

interface RunProgress extends Progress {
  readonly k: number;
  /** Those since the last line. */
  readonly windows: readonly Windows[];
}

const EXAMPLE = "/propagation/500";

export const propagation: Kind = {
  name: "propagation",
  parameters: ["steps"],
  overviewQuery: ["from", "to"],
  products: ["data.json", "data.js", "data.arrow", "overview", "summary"],
  chunks: ["records", "arrow", "windows"],
  longestPause: 60,
  example: EXAMPLE,
  description: PROPAGATION,
  parse: ([steps = ""], query, { maxSteps }) => {
    const run = new Run(readSteps(steps, maxSteps, EXAMPLE), readSeed(query["seed"], EXAMPLE));
    return { computation: run, detail: readRange(query, run) };
  },
  /** Windows are told once. */
  accumulate(whole: RunProgress | null, news: RunProgress): RunProgress {
    return whole === null ? news : { ...news, windows: [...whole.windows, ...news.windows] };
  },
};

const BOUND = /^(0|[1-9][0-9]{0,6})$/;

function readRange({ from, to }: Query, run: Run): StepRange | null {
  if (from === undefined && to === undefined) return null;
  const first = from === undefined ? 0 : bound("from", from, run);
  const last = to === undefined ? run.steps : bound("to", to, run);
  if (first >= last) {
    throw badInput("to", to ?? from ?? "", `greater than from (${first})`, `?from=0&to=${run.steps}`);
  }
  const { from: begin, to: end } = windowsOf({ from: first, to: last }, run.steps);
  return begin === 0 && end === run.steps ? null : new StepRange(run, begin, end);
}

function bound(name: string, text: string, run: Run): number {
  const value = BOUND.test(text) ? Number(text) : -1;
  if (value < 0 || value > run.steps) {
    throw badInput(name, text, `a whole number from 0 to ${run.steps}`, `?from=0&to=${run.steps}`);
  }
  return value;
}
