import { Backoff } from "./backoff";
import type { Flights, Landing, Passenger, Seat } from "./flights";
import type { Computation } from "./kinds/kind";
import { away, isAway, type Problem } from "./problem";
import type { Product } from "./products";
import type { CacheState } from "./ready";
import type { Found, ResultStore } from "./store";

/**
 * After so many times "ready" with nothing valid in Redis, something is wrong that waiting does not mend: provided that they
 * took longer than dispatch remembers what it has just finished (2 s), for until then it only repeats itself.
 */
const MOST_EMPTY = 6;
const EMPTY_FOR_MS = 5_000;

/** What a waiting request is told meanwhile; see Passenger. */
export type Watch = Pick<Passenger, "onProgress" | "onWaiting">;

/** A result, and how it came about. */
export interface Obtained<T> {
  readonly found: T;
  readonly cache: CacheState;
}

/** Cache-aside, once for every route: what is there, or what the pool makes, however often parts of the way fail meanwhile. */
export class Results {
  constructor(
    readonly store: ResultStore,
    readonly flights: Flights,
  ) {}

  /** A product of a computation. @throws as `wait` */
  product(computation: Computation, product: Product, signal: AbortSignal, watch: Watch = {}): Promise<Obtained<Found>> {
    return this.wait(computation, () => this.store.load(computation, product), signal, watch);
  }

  /**
   * Loads; if nothing valid is there, has it computed and loads again.
   *
   * @throws Problem where the cache is away before anything was waited for, the pool is away, or the computation failed;
   *   the signal's reason when it aborts
   */
  async wait<T>(
    computation: Computation,
    load: () => Promise<T | null>,
    signal: AbortSignal,
    watch: Watch = {},
  ): Promise<Obtained<T>> {
    const backoff = new Backoff();
    let cache: CacheState = "hit";
    let emptySince = Infinity;
    for (let empty = 0; ; empty++) {
      const waited: boolean = cache !== "hit";
      const found = await patiently(load, waited, signal, watch);
      if (found !== null) return { found, cache };
      if (empty > 0) await backoff.pause(signal);
      if (empty >= MOST_EMPTY && performance.now() - emptySince > EMPTY_FOR_MS) throw lost();
      const started: boolean = await patiently(() => this.fly(computation, signal, watch), waited, signal, watch);
      if (empty === 0) emptySince = performance.now();
      if (cache !== "miss") cache = started ? "miss" : "wait";
    }
  }

  /** Waits for the pool. Resolves to whether this request started the graph. */
  private fly(computation: Computation, signal: AbortSignal, watch: Watch): Promise<boolean> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const left = (): void => {
        seat.leave();
        reject(signal.reason as Error);
      };
      const onLanding = (landing: Landing): void => {
        signal.removeEventListener("abort", left);
        if (landing.kind === "failed") return reject(landing.problem);
        resolve(seat.started);
      };
      const seat: Seat = this.flights.board(computation, { ...watch, onLanding });
      signal.addEventListener("abort", left, { once: true });
    });
  }
}

/** A request that has waited already goes on waiting for a cache or pool that is away; a new one is told. */
async function patiently<T>(attempt: () => Promise<T>, waited: boolean, signal: AbortSignal, watch: Watch): Promise<T> {
  const backoff = new Backoff();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!waited || !isAway(error)) throw error;
      watch.onWaiting?.(error.message);
    }
    await backoff.pause(signal);
  }
}

function lost(): Problem {
  return away(
    "cache",
    "The result was computed, but is not in the cache: it may be too small for it, or frontend and pool use different ones.",
    10,
  );
}
