import type { ServerResponse } from "node:http";

/** How long a client may leave unread what it was sent while there is too much of that, in ms; and while there is twice as much. */
const PATIENCE_MS = 5_000;
const LITTLE_PATIENCE_MS = 500;

const LOOK_MS = 250;

interface Reader {
  readonly raw: ServerResponse;
  readonly client: string;
  readonly bytes: Buffer;
  readonly since: number;
}

/**
 * The memory that clients hold who do not read what they were sent. It is bounded: beyond the bound, those who have taken nothing
 * for the longest time are cut off, first of the address that has the most of them. Bytes that many clients share count once.
 */
export class Unread {
  private readonly readers = new Set<Reader>();
  private readonly users = new Map<Buffer, number>();
  private total = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly most: number,
    private readonly onCut: (client: string) => void,
  ) {}

  get bytes(): number {
    return this.total;
  }

  get clients(): number {
    return this.readers.size;
  }

  /** Counts `bytes`, of which `raw` has not taken all. @returns what ends that */
  hold(raw: ServerResponse, client: string, bytes: Buffer): () => void {
    const reader = { raw, client, bytes, since: performance.now() };
    this.readers.add(reader);
    const users = this.users.get(bytes) ?? 0;
    this.users.set(bytes, users + 1);
    if (users === 0) this.total += bytes.length;
    this.watch();
    return () => this.release(reader);
  }

  private release(reader: Reader): void {
    if (!this.readers.delete(reader)) return;
    const users = this.users.get(reader.bytes) as number;
    if (users > 1) {
      this.users.set(reader.bytes, users - 1);
    } else {
      this.users.delete(reader.bytes);
      this.total -= reader.bytes.length;
    }
    this.watch();
  }

  private watch(): void {
    if (this.total > this.most) {
      this.timer ??= setInterval(() => this.cut(), LOOK_MS).unref();
    } else {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private cut(): void {
    const patience = this.total > 2 * this.most ? LITTLE_PATIENCE_MS : PATIENCE_MS;
    const limit = performance.now() - patience;
    const counts = new Map<string, number>();
    for (const { client } of this.readers) counts.set(client, (counts.get(client) ?? 0) + 1);
    const count = ({ client }: Reader): number => counts.get(client) as number;
    const due = [...this.readers].filter(({ since }) => since <= limit).sort((one, other) => count(other) - count(one) || one.since - other.since);
    for (const reader of due) {
      if (this.total <= this.most) return;
      this.onCut(reader.client);
      this.release(reader);
      reader.raw.destroy(new Error("The client does not read, and others need the memory."));
    }
  }
}
