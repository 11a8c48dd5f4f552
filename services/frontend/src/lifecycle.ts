import { setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";

/** Why a wait ended before there was an answer. */
export class Interrupted extends Error {
  constructor(readonly why: "held long enough" | "going down" | "client left") {
    super(why);
    this.name = "Interrupted";
  }
}

/** Where the process is in its life: taking requests, told to end, ending. */
export class Lifecycle {
  private readonly ending = new AbortController();
  private told = false;

  constructor() {
    setMaxListeners(0, this.ending.signal); // every request that waits listens
  }

  /** False from SIGTERM on: the endpoints take us out while requests are still answered. */
  get ready(): boolean {
    return !this.told;
  }

  /** Aborts when nothing may wait any longer. */
  get end(): AbortSignal {
    return this.ending.signal;
  }

  unready(): void {
    this.told = true;
  }

  endWaits(): void {
    this.told = true;
    this.ending.abort(new Interrupted("going down"));
  }
}

/** A wait of one client: over when it leaves, the service ends or (with a limit) the time is up. */
export class Wait {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly raw: ServerResponse,
    private readonly lifecycle: Lifecycle,
    limitMs?: number,
  ) {
    raw.once("close", this.left);
    lifecycle.end.addEventListener("abort", this.ended, { once: true });
    if (lifecycle.end.aborted) this.ended();
    if (limitMs !== undefined) {
      this.timer = setTimeout(() => this.controller.abort(new Interrupted("held long enough")), limitMs);
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  release(): void {
    clearTimeout(this.timer);
    this.raw.off("close", this.left);
    this.lifecycle.end.removeEventListener("abort", this.ended);
  }

  private readonly left = (): void => this.controller.abort(new Interrupted("client left"));
  private readonly ended = (): void => this.controller.abort(new Interrupted("going down"));
}
