/**
 * The way to a result: the event stream of a question, opened again as long as somebody looks at it. Tells what happens; ends
 * with `ready`, with a failure that no retry mends, or when it is closed.
 */
import { pathOf } from "../model/address";
import type { Question } from "../model/input";
import type { Happening, Progress, Result } from "../model/state";
import { ENGINE } from "./overviews";
import { lost, refusal, troubleOf, troubleOfFailure } from "./problem";

/** Seconds to wait before the first, second, … attempt anew; the last one for ever after. */
const BACK_OFF = [2, 4, 8, 15, 30];

export class Stream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  readonly #closed = new AbortController();
  readonly #url: string;

  constructor(
    question: Question,
    readonly happened: (happening: Happening) => void,
  ) {
    this.#url = pathOf(question, "events", { v: ENGINE });
    this.#open();
  }

  /** Tries again at once: somebody pressed the button, or the network came back. */
  retry(): void {
    if (this.#closed.signal.aborted || this.#source?.readyState === EventSource.OPEN) return;
    this.#open();
  }

  close(): void {
    this.#closed.abort();
    this.#release();
  }

  #open(): void {
    this.#release();
    const source = new EventSource(this.#url);
    this.#source = source;
    source.addEventListener("progress", (event) => {
      this.#attempts = 0;
      this.happened({ type: "progress", progress: parse(event) as Progress });
    });
    source.addEventListener("waiting", (event) => {
      this.happened({ type: "trouble", trouble: troubleOfFailure({ ...(parse(event) as { reason: string }), retryable: true }, 0) });
    });
    source.addEventListener("ready", (event) => {
      performance.mark("porta:ready");
      this.#release();
      this.happened({ type: "ready", summary: parse(event) as Result });
    });
    source.addEventListener("failed", (event) => {
      this.#release();
      const trouble = troubleOfFailure(parse(event) as { reason: string; retryable: boolean }, this.#delay());
      this.happened({ type: "trouble", trouble });
      if (trouble.retryIn !== null) this.#later(trouble.retryIn);
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) void this.#refused();
      // The browser itself reconnects.
      else this.happened({ type: "trouble", trouble: lost(navigator.onLine, 2) });
    });
  }

  /** An event stream does not say why it was refused; the same address asked plainly does. */
  async #refused(): Promise<void> {
    this.#release();
    const delay = this.#delay();
    let trouble = lost(navigator.onLine, delay);
    const asked = new AbortController();
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.any([this.#closed.signal, asked.signal]) });
      if (!response.ok) trouble = troubleOf((await refusal(response)).problem, delay);
      asked.abort();
    } catch {
      // No answer at all: lost, as assumed.
    }
    if (this.#closed.signal.aborted) return;
    this.happened({ type: "trouble", trouble });
    if (trouble.retryIn !== null) this.#later(trouble.retryIn);
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

  #release(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }
}

const parse = (event: Event): unknown => JSON.parse((event as MessageEvent<string>).data);
