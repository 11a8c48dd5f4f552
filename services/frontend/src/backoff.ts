import { setTimeout as sleep } from "node:timers/promises";

const FIRST_MS = 100;
const LONGEST_MS = 3_000;

/** Pauses between tries, each up to twice as long as the last and with jitter, so that replicas do not ask in step. */
export class Backoff {
  private next = FIRST_MS;

  /** Waits a while. @throws AbortError */
  async pause(signal: AbortSignal): Promise<void> {
    const wait = this.next * (0.5 + Math.random() / 2);
    this.next = Math.min(this.next * 2, LONGEST_MS);
    await sleep(wait, undefined, { signal });
  }

  reset(): void {
    this.next = FIRST_MS;
  }
}
