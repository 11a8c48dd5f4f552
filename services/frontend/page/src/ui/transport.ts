/** Play, pause, scrub and speed. The slider counts steps; the clock behind it counts the model's time. */
import { EXACT } from "../model/kepler";
import { count, quantity } from "../model/format";
import { element } from "./elements";

export interface Moves {
  toggle(): void;
  seek(step: number): void;
  /** Time units of the model a second. */
  speed(rate: (end: number) => number): void;
}

/** Seconds that a whole span takes at 1×. */
const WHOLE_SPAN = 20;

export class Transport {
  readonly #play = element<HTMLButtonElement>("play");
  readonly #slider = element<HTMLInputElement>("time");
  readonly #readout = element("readout");
  readonly #speed = element<HTMLSelectElement>("speed");

  constructor(moves: Moves) {
    this.#play.addEventListener("click", () => {
      moves.toggle();
    });
    this.#slider.addEventListener("input", () => {
      moves.seek(Number(this.#slider.value));
    });
    this.#speed.addEventListener("change", () => {
      moves.speed(this.rate);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || this.#play.offsetParent === null) return;
      const target = event.target as HTMLElement;
      // Space presses buttons and opens lists and details; everywhere else it plays.
      if (target.closest("button, a, select, summary, textarea, input:not([type='range'])")) return;
      event.preventDefault();
      moves.toggle();
    });
  }

  /** The chosen speed for a span that ends at time `end`. */
  readonly rate = (end: number): number =>
    this.#speed.value === "orbit" ? EXACT.period : (Number(this.#speed.value) * end) / WHOLE_SPAN;

  /** Before there is a result there is nothing to play. */
  enable(enabled: boolean): void {
    for (const control of [this.#play, this.#slider, this.#speed]) control.disabled = !enabled;
    if (enabled) return;
    this.#readout.textContent = "";
    this.#slider.removeAttribute("aria-valuetext");
  }

  show({ playing, step, steps, time }: { playing: boolean; step: number; steps: number; time: number }): void {
    this.#play.toggleAttribute("data-playing", playing);
    const name = playing ? "Pause" : "Play";
    if (this.#play.ariaLabel !== name) {
      this.#play.ariaLabel = name;
      this.#play.title = `${name} (space)`;
    }
    if (this.#slider.max !== String(steps)) this.#slider.max = String(steps);
    this.#slider.value = String(step);
    this.#slider.setAttribute("aria-valuetext", `step ${count(step)} of ${count(steps)}`);
    this.#readout.textContent = `step ${count(step)} of ${count(steps)}, t = ${quantity(time)}`;
  }
}
