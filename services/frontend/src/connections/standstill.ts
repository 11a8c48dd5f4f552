/** How often the loop is looked at, in ms. */
const TICK_MS = 250;

/** Only a gap of more than this counts as a standstill, in ms: a busy loop is late by some milliseconds all the time. */
const GAP_MS = 1_000;

/** A standstill is credited to every connection for this long, in ms: longer than any limit that is counted with it. */
const REMEMBERED_MS = 60_000;

/**
 * Knows how long the event loop stood still: the process was stopped, starved of CPU, or busy. Meanwhile bytes arrive that
 * nobody reads, and after it Node runs timers before it reads sockets. So time limits that count the client's silence must not
 * count a standstill.
 */
export class Standstill {
  /** When the loop was last known to have read its sockets: immediates run right after that. */
  private seen = performance.now();
  private readonly gaps: { readonly end: number; readonly ms: number }[] = [];
  private readonly timer = setInterval(() => setImmediate(() => this.look()), TICK_MS).unref();

  /** Whether sockets have not been read for longer than usual, at this moment. */
  get now(): boolean {
    return this.gap > 0;
  }

  /** How long the loop stood still lately, up to this moment, in whole ms. */
  get lately(): number {
    const oldest = performance.now() - REMEMBERED_MS;
    return Math.ceil(this.gaps.reduce((sum, { end, ms }) => (end >= oldest ? sum + ms : sum), this.gap));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private get gap(): number {
    const ms = performance.now() - this.seen;
    return ms > GAP_MS ? ms : 0;
  }

  private look(): void {
    const { gap } = this;
    this.seen = performance.now();
    if (gap > 0) this.gaps.push({ end: this.seen, ms: gap });
    while (this.gaps[0] && this.gaps[0].end < this.seen - REMEMBERED_MS) this.gaps.shift();
  }
}
