/** A clock for the model's time, from 0 to `end`: it runs, stops at the end, and starts over from there. */
export class Player {
  time = 0;
  playing = false;
  #end = 0;
  #last: number | null = null;

  /** `rate`: time units of the model a second. */
  constructor(public rate = 1) {}

  get end(): number {
    return this.#end;
  }

  /** Another end; a clock that stood at its old end goes with it. */
  set end(end: number) {
    const atEnd = this.time >= this.#end;
    this.#end = end;
    if (atEnd || this.time > end) this.time = end;
  }

  get atEnd(): boolean {
    return this.time >= this.#end;
  }

  play(): void {
    if (this.atEnd) this.time = 0;
    this.playing = this.#end > 0;
    this.#last = null;
  }

  pause(): void {
    this.playing = false;
    this.#last = null;
  }

  seek(time: number): void {
    this.time = Math.min(this.#end, Math.max(0, time));
  }

  /**
   * Advances to `now` (milliseconds), in strides of at least `stride` milliseconds: a person who asked for reduced motion
   * gets still pictures. A gap as of a hidden tab counts as one stride, so that nothing jumps.
   */
  tick(now: number, stride = 0): void {
    if (!this.playing || (this.#last !== null && now - this.#last < stride)) return;
    const elapsed = this.#last === null ? 0 : Math.min(stride + 100, now - this.#last) / 1000;
    this.#last = now;
    this.seek(this.time + elapsed * this.rate);
    if (this.atEnd) this.pause();
  }
}
