import { follow, type Follower } from "../../frontend/support/events";
import { until } from "../../../scripts/process/wait.mjs";

/** What ends a wait: by itself, on a machine that is busy, after whatever was done to the platform. */
const PATIENCE_MS = 240_000;

/** Somebody who waits for a run, over the stream of events that the page uses; comes again as a browser does where that is cut. */
export class Waiter {
  #follower: Follower;
  #done = 0;

  constructor(private readonly url: string) {
    this.#follower = follow(url);
  }

  /** Steps that are done, as far as was heard. */
  get done(): number {
    return this.#done;
  }

  /** Waits until some of the run is done, and not all of it. */
  async midRun(): Promise<void> {
    await until(() => {
      this.#listen();
      return this.#done > 0;
    }, { what: `progress of ${this.url}`, timeout: PATIENCE_MS });
    if (this.#ends().length > 0) throw new Error(`${this.url} was over before anything was done to it: take more steps`);
  }

  /** The event that ends the wait: `ready` with the summary, or `failed` with a reason. */
  async outcome(): Promise<{ name: string; data: Record<string, unknown> }> {
    try {
      const [end] = await until(() => {
        this.#listen();
        return this.#ends().length > 0 && this.#ends();
      }, { what: `the end of ${this.url}`, timeout: PATIENCE_MS });
      return end as { name: string; data: Record<string, unknown> };
    } finally {
      this.#follower.leave();
    }
  }

  #ends() {
    return this.#follower.events.filter(({ name }) => name === "ready" || name === "failed");
  }

  #listen(): void {
    const last = this.#follower.events.findLast(({ name }) => name === "progress");
    if (last !== undefined) this.#done = Number(last.data.done);
    if (this.#follower.ended && this.#ends().length === 0) this.#follower = follow(this.url);
  }
}
