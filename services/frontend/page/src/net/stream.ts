/**
 * The way to a result: the event stream of a question, opened again as long as somebody looks at it. Tells what happens; ends
 * with `ready`, with a failure that no retry mends, or when it is closed.
 */
import { pathOf } from "../model/address";
import type { Question } from "../model/input";
import type { Happening, Progress, Result, Trouble } from "../model/state";
import { ENGINE } from "./overviews";
import { lost, refusal, troubleOf, troubleOfFailure } from "./problem";
import { Turns } from "./turns";

/** Seconds to wait before the first, second, … attempt anew; the last one for ever after. */
const BACK_OFF = [2, 4, 8, 15, 30];
/** Who does not say within this why it refused (milliseconds) is as good as not there. */
const ASKING_WHY = 10_000;

export class Stream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** Aborted when nobody wants to know any more why the stream was refused. */
  #why: AbortController | null = null;
  #ended = false;
  readonly #url: string;
  /** The tabs of a browser share a few streams: this one may be closed and opened again, which the page does not notice. */
  readonly #turns = new Turns({
    take: () => {
      this.#connect();
    },
    give: () => {
      this.#release();
    },
  });

  constructor(
    question: Question,
    readonly happened: (happening: Happening) => void,
  ) {
    this.#url = pathOf(question, "events", { v: ENGINE });
    this.#open();
  }

  /** Tries again at once: somebody pressed the button, or the network came back. */
  retry(): void {
    if (this.#ended || this.#source?.readyState === EventSource.OPEN) return;
    this.#open();
  }

  close(): void {
    this.#ended = true;
    this.#release();
    this.#turns.rest();
  }

  #open(): void {
    this.#turns.want();
  }

  #connect(): void {
    this.#release();
    const source = new EventSource(this.#url);
    this.#source = source;
    source.addEventListener("progress", (event) => {
      this.#attempts = 0;
      this.#turns.tick();
      this.happened({ type: "progress", progress: parse(event) as Progress });
    });
    source.addEventListener("waiting", (event) => {
      this.happened({ type: "trouble", trouble: troubleOfFailure({ ...(parse(event) as { reason: string }), retryable: true }, 0) });
    });
    source.addEventListener("ready", (event) => {
      performance.mark("porta:ready");
      this.close();
      this.happened({ type: "ready", summary: parse(event) as Result });
    });
    source.addEventListener("failed", (event) => {
      this.#trouble(troubleOfFailure(parse(event) as { reason: string; retryable: boolean }, this.#delay()));
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) void this.#refused();
      // The browser itself reconnects.
      else this.happened({ type: "trouble", trouble: lost(navigator.onLine, 2) });
    });
  }

  /** An event stream does not say why it was refused; the same address asked plainly does. */
  async #refused(): Promise<void> {
    this.#rest();
    const delay = this.#delay();
    let trouble = lost(navigator.onLine, delay);
    const why = (this.#why = new AbortController());
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.any([why.signal, AbortSignal.timeout(ASKING_WHY)]) });
      if (!response.ok) trouble = troubleOf((await refusal(response)).problem, delay);
    } catch {
      // No answer at all: lost, as assumed.
    }
    // Closed, or opened anew by somebody who did not want to wait.
    if (why.signal.aborted) return;
    why.abort();
    this.#trouble(trouble);
  }

  #trouble(trouble: Trouble): void {
    this.#rest();
    if (trouble.retryIn === null) this.close();
    else this.#later(trouble.retryIn);
    this.happened({ type: "trouble", trouble });
  }

  #delay(): number {
    const delay = BACK_OFF[Math.min(this.#attempts, BACK_OFF.length - 1)] ?? 30;
    this.#attempts += 1;
    return delay;
  }

  #later(seconds: number): void {
    this.#timer = setTimeout(() => {
      this.#open();
    }, seconds * 1000);
  }

  /** Until the next attempt, other tabs may have the stream. */
  #rest(): void {
    this.#release();
    this.#turns.rest();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#why?.abort();
    this.#source?.close();
    this.#source = null;
  }
}

const parse = (event: Event): unknown => JSON.parse((event as MessageEvent<string>).data);
