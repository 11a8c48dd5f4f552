/** How often turns are looked at while somebody waits, in ms. */
const LOOK_MS = 100;

/** While others wait, a turn ends when its client has taken nothing for so long, in ms. */
const BLOCKED_MS = 250;

/** While others wait, a turn ends after so long in any case, in ms. */
const TURN_MS = 2_000;

interface Waiter {
  readonly client: string;
  readonly admit: (turn: Turn) => void;
}

/** The right to hold one chunk of a large body in memory. */
export class Turn {
  readonly began = performance.now();
  /** Since when the client has left unread what it was sent; null: it reads. */
  blockedSince: number | null = null;
  /** Others wait: it has to be left soon. */
  over = false;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
  private end = (): void => undefined;

  constructor(
    readonly client: string,
    private readonly line: Line,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  finish(): void {
    this.over = true;
    this.end();
  }

  leave(): void {
    this.line.left(this);
  }
}

/**
 * Who sends large bodies takes turns, a few at a time. A turn that is over costs its client nothing but time: it waits for the next
 * one. So clients that do not read hold no turn while others wait, and need not be cut off. The next turn goes to the client
 * address that has the fewest, so one address cannot take all.
 */
export class Line {
  private readonly turns = new Set<Turn>();
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly most: number) {}

  get taken(): number {
    return this.turns.size;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  /** Waits for a turn. @throws the signal's reason when it aborts */
  take(client: string, signal: AbortSignal): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (this.turns.size < this.most) return resolve(this.give(client));
      const left = (): void => {
        this.waiters.delete(waiter);
        this.watch();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        client,
        admit: (turn) => {
          signal.removeEventListener("abort", left);
          resolve(turn);
        },
      };
      signal.addEventListener("abort", left, { once: true });
      this.waiters.add(waiter);
      this.watch();
    });
  }

  left(turn: Turn): void {
    if (!this.turns.delete(turn)) return;
    const next = this.next();
    if (!next) return;
    this.waiters.delete(next);
    this.watch();
    next.admit(this.give(next.client));
  }

  private give(client: string): Turn {
    const turn = new Turn(client, this);
    this.turns.add(turn);
    return turn;
  }

  /** Of those whose address has the fewest turns, the one that has waited longest. */
  private next(): Waiter | undefined {
    const held = new Map<string, number>();
    for (const { client } of this.turns) held.set(client, (held.get(client) ?? 0) + 1);
    let best: Waiter | undefined;
    for (const waiter of this.waiters) {
      if (best === undefined || (held.get(waiter.client) ?? 0) < (held.get(best.client) ?? 0)) best = waiter;
    }
    return best;
  }

  /** Turns have to be looked at only while somebody waits. */
  private watch(): void {
    if (this.waiters.size > 0) {
      this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    } else {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private look(): void {
    const now = performance.now();
    const since = ({ blockedSince, began }: Turn): number => Math.max(blockedSince === null ? 0 : now - blockedSince - BLOCKED_MS, now - began - TURN_MS);
    const due = [...this.turns].filter((turn) => since(turn) > 0).sort((one, other) => since(other) - since(one));
    for (const turn of due.slice(0, this.waiters.size)) turn.finish();
  }
}
