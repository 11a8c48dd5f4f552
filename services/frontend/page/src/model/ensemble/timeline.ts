/** The part of the time axis that charts show, within 0 … `end`. Moves as a picture does, in pixels. Times in the model's unit. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Before the runs have lost each other's phase: about four revolutions, sampled as finely as all the rest. */
export const FIRST_ORBITS = 16;
/** The closest look, in time units; and of a run that is shorter than a look, this share. */
const LEAST_WIDTH = 1;
const LEAST_SHARE = 1 / 8;

export const firstOrbits = (end: number): Interval => ({ from: 0, to: Math.min(FIRST_ORBITS, end) });

export class Timeline {
  readonly interval: Interval;

  /** `left` and `width`: where the axis lies, in pixels. What of `wish` lies outside is moved or cut. */
  constructor(
    wish: Interval,
    readonly end: number,
    readonly left: number,
    readonly width: number,
  ) {
    const least = Math.min(LEAST_WIDTH, end * LEAST_SHARE);
    const span = Math.min(end, Math.max(least, wish.to - wish.from));
    const from = Math.min(Math.max(0, wish.from), end - span);
    this.interval = { from, to: from + span };
  }

  get span(): number {
    return this.interval.to - this.interval.from;
  }

  /** What was under the pointer stays under it. */
  pan(dx: number): Timeline {
    const dt = (dx / this.width) * this.span;
    return this.#moved(this.interval.from - dt, this.span);
  }

  /** Magnified by `factor` about a pixel, which stays where it is. */
  zoom(factor: number, px = this.left + this.width / 2): Timeline {
    const share = Math.min(1, Math.max(0, (px - this.left) / this.width));
    const span = Math.min(this.end, Math.max(Math.min(LEAST_WIDTH, this.end * LEAST_SHARE), this.span / factor));
    return this.#moved(this.interval.from + share * (this.span - span), span);
  }

  /** Moved as little as it takes to show `time`. */
  reveal(time: number): Timeline {
    const { from, to } = this.interval;
    return time < from ? this.#moved(time, this.span) : time > to ? this.#moved(time - this.span, this.span) : this;
  }

  #moved(from: number, span: number): Timeline {
    return new Timeline({ from, to: from + span }, this.end, this.left, this.width);
  }
}
