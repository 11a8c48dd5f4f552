/** Above and over the picture: what is on, how far it is, what is in the way. */
import { count, duration, plural } from "../model/format";
import { extentOf, lineOf, nameOf, seedsOf, unitOf } from "../model/naming";
import type { Progress, State, Trouble } from "../model/state";
import { element } from "./elements";

export class Status {
  readonly #title = element("title");
  readonly #subtitle = element("subtitle");
  readonly #work = element("work");
  readonly #views = element("views");
  readonly #bar = element<HTMLProgressElement>("bar");
  readonly #notice = element("notice");
  #countdown: ReturnType<typeof setInterval> | undefined;

  constructor(retry: () => void) {
    element("retry").addEventListener("click", retry);
  }

  /** `quiet`: work has only just begun, and may be over before it is worth a word. */
  show(state: State, quiet: boolean): void {
    const working = !quiet && (state.phase === "asking" || state.phase === "computing" || state.phase === "waiting");
    this.#work.hidden = !working;
    this.#views.hidden = working || state.phase === "failed";
    document.title = titleOf(state);
    if (!("question" in state)) {
      this.#title.textContent = "The exact orbit";
      this.#subtitle.textContent = "";
    } else {
      this.#title.textContent = nameOf(state.question);
      this.#subtitle.textContent = subtitleOf(state);
    }
    this.#progress("progress" in state ? state.progress : null, "question" in state ? unitOf(state.question) : "");
    this.#trouble("trouble" in state ? state.trouble : null);
  }

  #progress(progress: Progress | null, unit: string): void {
    const done = element("done");
    const pace = element("pace");
    if (!progress) {
      this.#bar.removeAttribute("value");
      done.textContent = "Asking the pool…";
      pace.textContent = "";
      return;
    }
    const line = lineOf(progress);
    if (line !== null) {
      this.#bar.removeAttribute("value");
      done.textContent = line;
      pace.textContent = "";
      return;
    }
    this.#bar.value = progress.done / progress.total;
    done.textContent = `${count(progress.done)} of ${plural(progress.total, unit)}`;
    pace.textContent = [
      ...(progress.rate === null ? [] : [`${count(rounded(progress.rate))} ${unit}s/s`]),
      ...(progress.eta === null ? [] : [`${duration(progress.eta)} left`]),
    ].join(" · ");
  }

  #trouble(trouble: Trouble | null): void {
    clearInterval(this.#countdown);
    this.#notice.hidden = trouble === null;
    if (!trouble) return;
    element("notice-title").textContent = trouble.title;
    element("notice-detail").textContent = trouble.detail;
    const next = element("notice-next");
    element("retry").textContent = trouble.retryIn === null ? "Ask again" : "Try again now";
    if (trouble.retryIn === null) {
      next.textContent = "";
      return;
    }
    let left = Math.round(trouble.retryIn);
    const again = trouble.retryIn === 0 ? "It is asked again and again; the picture comes by itself." : "Trying again…";
    const tell = () => {
      next.textContent = left > 0 ? `The page tries again by itself in ${String(left)} s.` : again;
      left -= 1;
    };
    tell();
    this.#countdown = setInterval(tell, 1000);
  }
}

function subtitleOf(state: Extract<State, { question: unknown }>): string {
  const seeds = seedsOf(state.question);
  return "summary" in state ? `${seeds} · ${extentOf(state.summary)}` : seeds;
}

function titleOf(state: State): string {
  if (!("question" in state)) return "Porta: a satellite, step by step";
  const { question } = state;
  const name = `${nameOf(question)}${question.seed === 0 ? "" : `, seed ${String(question.seed)}`} · Porta`;
  if (state.phase === "computing" && lineOf(state.progress) !== null) return `In line · ${name}`;
  if (state.phase === "computing") return `${String(Math.floor((100 * state.progress.done) / state.progress.total))} % · ${name}`;
  return state.phase === "failed" ? `Failed · ${name}` : name;
}

/** A rate to two digits: more would only flicker. */
const rounded = (value: number): number => Number(value.toPrecision(2));
