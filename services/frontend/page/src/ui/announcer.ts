/** Tells a screen reader what happens, politely and seldom: start, each quarter, end, trouble. */
import { count, duration } from "../model/format";
import { lineOf, nameOf, wordsOf } from "../model/naming";
import type { State } from "../model/state";
import { element } from "./elements";

export class Announcer {
  readonly #live = element("live");
  #said = "";

  tell(state: State): void {
    const text = sentence(state);
    if (text === null || text === this.#said) return;
    this.#said = text;
    this.#live.textContent = text;
  }
}

function sentence(state: State): string | null {
  switch (state.phase) {
    case "computing": {
      const { done, total, eta } = state.progress;
      // Without the place, which changes often.
      if (lineOf(state.progress) !== null) return "Waiting in line for the pool.";
      const quarter = Math.floor((4 * done) / total);
      if (quarter === 0) return `Computing ${nameOf(state.question)}.`;
      return quarter < 4 ? `${count(quarter * 25)} percent done${eta === null || quarter !== 1 ? "" : `, about ${duration(eta)} left`}.` : null;
    }
    case "shown":
      return `The picture of ${nameOf(state.question)} is drawn. ${wordsOf(state.summary)}`;
    case "waiting":
    case "failed":
      return `${state.trouble.title}. ${state.trouble.detail}`;
    case "start":
      return "";
    default:
      return null;
  }
}
