/** The page as a state machine: what is on, and what each thing that happens makes of it. Pure. */
import type { EnsembleSummary } from "./ensemble/summary";
import type { Question } from "./input";
import type { Summary } from "./verdict";

/** As dispatch sends it (docs/formats.md). `rate` is steps or runs a second, `eta` seconds; `place` the place in line, 1 is next. */
interface Work {
  readonly done: number;
  readonly total: number;
  readonly rate: number | null;
  readonly eta: number | null;
  readonly place?: number;
}

export interface RunProgress extends Work {
  readonly k: number;
  readonly windows: readonly { readonly first: number; readonly data: string }[];
}

export interface EnsembleProgress extends Work {
  /** The runs that are in so far; null where that is as it was. */
  readonly overview: string | null;
}

export type Progress = RunProgress | EnsembleProgress;
export type Result = Summary | EnsembleSummary;

/** Something in the way, in words, and what comes next. */
export interface Trouble {
  readonly title: string;
  readonly detail: string;
  /** Seconds until the page tries again by itself; 0: that goes on already; null: only a person can do something. */
  readonly retryIn: number | null;
}

export type State =
  | { readonly phase: "start" }
  | { readonly phase: "bad"; readonly message: string }
  | { readonly phase: "asking"; readonly question: Question }
  | { readonly phase: "computing"; readonly question: Question; readonly progress: Progress }
  | { readonly phase: "waiting"; readonly question: Question; readonly progress: Progress | null; readonly trouble: Trouble }
  | { readonly phase: "drawing"; readonly question: Question; readonly summary: Result }
  | { readonly phase: "shown"; readonly question: Question; readonly summary: Result }
  | { readonly phase: "failed"; readonly question: Question; readonly trouble: Trouble };

export type Happening =
  | { readonly type: "home" }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "asked"; readonly question: Question }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "ready"; readonly summary: Result }
  | { readonly type: "drawn" }
  | { readonly type: "trouble"; readonly trouble: Trouble };

export const START: State = { phase: "start" };

export function next(state: State, happening: Happening): State {
  switch (happening.type) {
    case "home":
      return START;
    case "refused":
      return { phase: "bad", message: happening.message };
    case "asked":
      return { phase: "asking", question: happening.question };
    default:
      return "question" in state ? later(state, happening) : state;
  }
}

type Running = Extract<State, { question: Question }>;

function later(state: Running, happening: Happening): State {
  const { question } = state;
  switch (happening.type) {
    case "progress":
      // What is drawn stays drawn: a stream opened anew repeats itself.
      return state.phase === "drawing" || state.phase === "shown" ? state : { phase: "computing", question, progress: happening.progress };
    case "ready":
      return state.phase === "shown" ? state : { phase: "drawing", question, summary: happening.summary };
    case "drawn":
      return state.phase === "drawing" ? { phase: "shown", question, summary: state.summary } : state;
    case "trouble": {
      const { trouble } = happening;
      if (state.phase === "shown") return state;
      const progress = "progress" in state ? state.progress : null;
      return trouble.retryIn === null ? { phase: "failed", question, trouble } : { phase: "waiting", question, progress, trouble };
    }
    default:
      return state;
  }
}
