/** What the bands are at the moment under the cursor: beside each chart, and in words with the slider that moves it. */
import type { EnsembleOverview, Levels } from "../../model/ensemble/overview";
import type { Moment } from "../../model/ensemble/picture";
import type { Interval } from "../../model/ensemble/timeline";
import { count, percent, quantity } from "../../model/format";
import { element, make } from "../elements";

type Text = (value: number) => string;

export class Readings {
  readonly #slider = element<HTMLInputElement>("instant");
  readonly #moment = element("moment");
  #times: readonly number[] = [];

  constructor(seek: (time: number) => void) {
    this.#slider.addEventListener("input", () => {
      const time = this.#times[Number(this.#slider.value)];
      if (time !== undefined) seek(time);
    });
  }

  show(moment: Moment, { times, runs }: EnsembleOverview, { from, to }: Interval): void {
    const { at, error, time, step } = moment;
    // The slider goes over the instants on view.
    this.#times = times.filter((instant) => instant >= from && instant <= to);
    this.#slider.disabled = false;
    this.#slider.max = String(Math.max(0, this.#times.length - 1));
    this.#slider.value = String(this.#times.indexOf(time));
    this.#slider.setAttribute("aria-valuetext", sentence(moment));
    this.#moment.textContent = `t = ${quantity(time)}, step ${count(step)}${gone(moment)}${moment.counted < runs ? `; ${count(moment.counted)} runs so far` : ""}`;
    say("reading-x", at.x, quantity);
    say("reading-y", at.y, quantity);
    say("reading-distance", at.distance, quantity);
    say("reading-error", error, (value) => percent(value, 1));
    element("reading-ejected").textContent = `${share(moment)} by step ${count(step)}`;
  }

  clear(): void {
    this.#slider.disabled = true;
    this.#slider.removeAttribute("aria-valuetext");
    this.#moment.textContent = "";
    for (const id of ["x", "y", "distance", "error", "ejected"]) element(`reading-${id}`).textContent = "";
  }
}

/** Where there is less room, the median and the middle half. */
function say(id: string, levels: Levels, text: Text): void {
  const host = element(id);
  if (Number.isNaN(levels.p50)) {
    host.textContent = "no run has a value here";
    return;
  }
  const between = (low: number, high: number) => `${text(low)} … ${text(high)}`;
  host.replaceChildren(
    "median ",
    make("b", {}, text(levels.p50)),
    ` · half ${between(levels.p25, levels.p75)}`,
    make("span", { class: "wide" }, ` · 9 in 10 ${between(levels.p5, levels.p95)} · all ${between(levels.min, levels.max)}`),
  );
}

const share = ({ ejected }: Moment): string => (ejected === 0 ? "none" : ejected < 0.0001 ? "less than 0.01 %" : percent(ejected));

/** A run whose records end early has no value at the end. */
const gone = ({ present, counted }: Moment): string => (present < counted ? `; ${count(present)} of ${count(counted)} runs last so long` : "");

function sentence(moment: Moment): string {
  const { time, step, at, error } = moment;
  const half = (levels: Levels, text: Text) => `median ${text(levels.p50)}, half of the runs ${text(levels.p25)} to ${text(levels.p75)}`;
  return (
    `time ${quantity(time)}, step ${count(step)}. x ${half(at.x, quantity)}. y ${half(at.y, quantity)}. ` +
    `Distance ${half(at.distance, quantity)}. Energy error ${half(error, (value) => percent(value, 1))}. ${share(moment)} ejected.`
  );
}
