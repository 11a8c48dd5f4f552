/** Fetches finer windows as a person looks closer: after a moment's rest, the latest wish only, each range once. */
import type { Run } from "../model/input";
import { detailFor, type StepRange } from "../model/detail";
import type { Track } from "../model/track";
import { fetchOverview } from "./overviews";

/** Milliseconds without another wish before it is sent: a zoom or a drag is many wishes. */
const REST = 120;

export class Details {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | null = null;
  #range = "";

  constructor(
    readonly run: Run,
    readonly track: Track,
    readonly arrived: () => void,
  ) {}

  /** Asks for the steps to be as fine as can be, unless they are, in place of what was asked before. */
  want(range: StepRange, rest = REST): void {
    const wished = detailFor(this.track, range);
    const name = wished ? `${String(wished.from)}…${String(wished.to)}` : "";
    if (name === this.#range) return;
    this.stop();
    if (!wished) return;
    this.#range = name;
    this.#timer = setTimeout(() => void this.#fetch(wished), rest);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#range = "";
  }

  async #fetch(range: StepRange): Promise<void> {
    const asked = (this.#asked = new AbortController());
    try {
      this.track.add(await fetchOverview(this.run, asked.signal, range));
      if (!asked.signal.aborted) this.arrived();
    } catch {
      // The coarser picture stays, which is right, only less sharp; the next wish asks again.
    } finally {
      if (this.#asked === asked) this.#range = "";
    }
  }
}
