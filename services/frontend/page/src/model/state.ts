/** The page as a state machine: what is on, and what each thing that happens makes of it. Pure. */
import type { Run } from "./input";
import type { Summary } from "./verdict";

/** As dispatch sends it (docs/formats.md). `rate` is steps a second, `eta` seconds. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly rate: number | null;
  readonly eta: number | null;
  readonly k: number;
  readonly windows: readonly { readonly first: number; readonly data: string }[];
}

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
  | { readonly phase: "asking"; readonly run: Run }
  | { readonly phase: "computing"; readonly run: Run; readonly progress: Progress }
  | { readonly phase: "waiting"; readonly run: Run; readonly progress: Progress | null; readonly trouble: Trouble }
  | { readonly phase: "drawing"; readonly run: Run; readonly summary: Summary }
  | { readonly phase: "shown"; readonly run: Run; readonly summary: Summary }
  | { readonly phase: "failed"; readonly run: Run; readonly trouble: Trouble };

export type Happening =
  | { readonly type: "home" }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "asked"; readonly run: Run }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "ready"; readonly summary: Summary }
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
      return { phase: "asking", run: happening.run };
    default:
      return "run" in state ? later(state, happening) : state;
  }
}

type Running = Extract<State, { run: Run }>;

function later(state: Running, happening: Happening): State {
  const { run } = state;
  switch (happening.type) {
    case "progress":
      // What is drawn stays drawn: a stream opened anew repeats itself.
      return state.phase === "drawing" || state.phase === "shown" ? state : { phase: "computing", run, progress: happening.progress };
    case "ready":
      return state.phase === "shown" ? state : { phase: "drawing", run, summary: happening.summary };
    case "drawn":
      return state.phase === "drawing" ? { phase: "shown", run, summary: state.summary } : state;
    case "trouble": {
      const { trouble } = happening;
      if (state.phase === "shown") return state;
      const progress = "progress" in state ? state.progress : null;
      return trouble.retryIn === null ? { phase: "failed", run, trouble } : { phase: "waiting", run, progress, trouble };
    }
    default:
      return state;
  }
}
