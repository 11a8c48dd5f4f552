import { Backoff } from "./backoff";
import type { Dispatch, Failure } from "./dispatch";
import type { Computation, Kind, Progress } from "./kinds/kind";
import { away, declined, internal, isAway, Problem } from "./problem";

/** How a flight ended. */
export type Landing =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly problem: Problem };

/** Who waits for a computation. */
export interface Passenger {
  /** News since the last call, the first time everything so far; `whole` is always everything so far. */
  onProgress?(news: Progress, whole: Progress): void;
  /** The pool has been lost and is asked again. */
  onWaiting?(reason: string): void;
  onLanding(landing: Landing): void;
}

export interface Seat {
  /** Did this passenger's request start the graph? Known once the flight has landed. */
  readonly started: boolean;
  leave(): void;
}

/** As many as wait in line at dispatch. Each holds a connection to the scheduler. */
const MOST_FLIGHTS = 1_024;

/** One stream from dispatch for each key, shared by all who wait for it in this process. */
export class Flights {
  private readonly flights = new Map<string, Flight>();

  constructor(private readonly dispatch: Dispatch) {}

  get count(): number {
    return this.flights.size;
  }

  /** How many wait, for computations of a kind or for all. */
  passengers(kind?: Kind): number {
    return this.of(kind).reduce((sum, flight) => sum + flight.size, 0);
  }

  /** The flights of a kind, or all. */
  of(kind?: Kind): readonly { readonly size: number }[] {
    const flights = [...this.flights.values()];
    return kind === undefined ? flights : flights.filter(({ computation }) => computation.kind === kind);
  }

  /**
   * Joins the flight for a computation, or starts it.
   *
   * @throws Problem 503 where the pool has been lost by those who wait already, or too many computations are under way
   */
  board(computation: Computation, passenger: Passenger): Seat {
    let flight = this.flights.get(computation.key);
    const first = flight === undefined;
    if (!flight) {
      if (this.flights.size >= MOST_FLIGHTS) {
        throw declined("This frontend", `It already waits for ${MOST_FLIGHTS} different results.`);
      }
      flight = this.start(computation);
    }
    return seat(flight, passenger, first);
  }

  private start(computation: Computation): Flight {
    // Gone from the map before its passengers hear of it, and when the last has left: who comes next starts anew.
    const flight = new Flight(this.dispatch, computation, () => {
      if (this.flights.get(computation.key) === flight) this.flights.delete(computation.key);
    });
    this.flights.set(computation.key, flight);
    void flight.fly();
    return flight;
  }
}

function seat(flight: Flight, passenger: Passenger, first: boolean): Seat {
  flight.add(passenger);
  return {
    get started() {
      return first && flight.started;
    },
    leave: () => flight.remove(passenger),
  };
}

class Flight {
  private readonly passengers = new Set<Passenger>();
  private readonly abort = new AbortController();
  private readonly backoff = new Backoff();
  private reached = false;
  private lost: Problem | null = null;
  private whole: Progress | null = null;
  started = false;

  constructor(
    private readonly dispatch: Dispatch,
    readonly computation: Computation,
    private readonly over: () => void,
  ) {}

  get size(): number {
    return this.passengers.size;
  }

  add(passenger: Passenger): void {
    if (this.lost) throw this.lost;
    this.passengers.add(passenger);
    if (this.whole) passenger.onProgress?.(this.whole, this.whole);
  }

  remove(passenger: Passenger): void {
    this.passengers.delete(passenger);
    if (this.passengers.size > 0) return;
    this.over();
    this.abort.abort();
  }

  /** Asks until there is an answer or nobody waits. Who has never reached the pool is told so at once. */
  async fly(): Promise<void> {
    const { signal } = this.abort;
    try {
      for (;;) {
        const problem = await this.ask(signal);
        if (!problem) return;
        if (!this.reached || !isAway(problem)) return this.land({ kind: "failed", problem });
        this.lost = problem;
        for (const passenger of this.passengers) passenger.onWaiting?.(problem.message);
        await this.backoff.pause(signal);
      }
    } catch (error) {
      if (!signal.aborted) this.land({ kind: "failed", problem: internal(error) });
    }
  }

  /** One stream. Null: landed; otherwise why it was lost. */
  private async ask(signal: AbortSignal): Promise<Problem | null> {
    let fresh = true;
    try {
      for await (const line of this.dispatch.open(this.computation, signal)) {
        this.reached = true;
        this.lost = null;
        if ("started" in line) {
          this.started ||= line.started;
        } else if ("progress" in line) {
          this.backoff.reset();
          this.advance(line.progress, fresh);
          fresh = false;
        } else if ("ready" in line) {
          this.land({ kind: "ready" });
          return null;
        } else if ("failed" in line) {
          this.land({ kind: "failed", problem: failedProblem(this.computation.kind, line.failed) });
          return null;
        }
      }
      return away("pool", "The pool ended its answer early.");
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  /** A new stream tells everything from the beginning. */
  private advance(news: Progress, fresh: boolean): void {
    const whole = this.computation.kind.accumulate(fresh ? null : this.whole, news);
    this.whole = whole;
    for (const passenger of this.passengers) passenger.onProgress?.(news, whole);
  }

  private land(landing: Landing): void {
    this.over();
    const waiting = [...this.passengers];
    this.passengers.clear();
    for (const passenger of waiting) passenger.onLanding(landing);
  }
}

function failedProblem(kind: Kind, { reason, retryable, status }: Failure): Problem {
  return new Problem({
    status: status === 507 ? 507 : 503,
    kind: status === 507 ? "does-not-fit" : "failed",
    title: status === 507 ? "The result does not fit the cache" : `The ${kind.name} failed`,
    detail: reason,
    ...(retryable ? { retryAfter: 5 } : {}),
  });
}
