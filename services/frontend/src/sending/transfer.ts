import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { Interrupted } from "../lifecycle";
import type { Line, Turn } from "./line";
import type { Part } from "./parts";
import type { Plan } from "./plan";
import type { Span } from "./range";
import type { Unread } from "./unread";

/** What all transfers share. */
export interface Shared {
  readonly line: Line;
  readonly unread: Unread;
}

/** One large body on its way to one client, in turns. */
export class Transfer {
  private readonly raw: ServerResponse;
  private readonly gone = new AbortController();
  /** The next byte of the body. */
  private at: number;
  private turn: Turn | null;
  /** Resolves when the client has taken what was written. */
  private drained: Promise<void> = Promise.resolve();

  constructor(
    private readonly shared: Shared,
    private readonly reply: FastifyReply,
    private readonly plan: Plan & { span: Span },
    private readonly client: string,
    turn: Turn,
  ) {
    this.raw = reply.raw;
    this.at = plan.span.from;
    this.turn = turn;
    this.raw.once("close", () => this.gone.abort(new Interrupted("client left")));
  }

  /** @returns the bytes that were handed to the socket; null: the client has left @throws what `parts` throw */
  async run(parts: readonly Part[]): Promise<number | null> {
    const { from, to } = this.plan.span;
    let start = 0;
    try {
      for (const part of parts) {
        const end = Math.min(start + part.length, to);
        while (this.at < end && !this.raw.destroyed) await this.advance(part, start, end);
        start += part.length;
      }
      if (this.raw.destroyed) return this.left();
      this.raw.end();
      return to - from;
    } catch (error) {
      if (this.gone.signal.aborted) return this.left();
      throw error;
    } finally {
      this.turn?.leave();
    }
  }

  /** Sends of a part what one turn allows. `start`, `end`: where the part begins in the body, and the last byte of it that is wanted. */
  private async advance(part: Part, start: number, end: number): Promise<void> {
    const turn = (this.turn ??= await this.shared.line.take(this.client, this.gone.signal));
    await this.send(part, start, end, turn);
    // Others wait: go to the end of the line. What is in memory for this turn goes with it.
    if (turn.over || this.shared.line.waiting > 0) {
      turn.leave();
      this.turn = null;
      await this.drained;
    }
  }

  private async send(part: Part, start: number, end: number, turn: Turn): Promise<void> {
    let position = start;
    for await (const piece of part.read()) {
      const wanted = piece.subarray(Math.max(0, this.at - position), Math.max(0, end - position));
      position += piece.length;
      if (wanted.length === 0) continue;
      if (this.raw.destroyed) return;
      this.at += wanted.length;
      await this.write(wanted, turn);
      if (turn.over || this.at >= end) return;
    }
    if (this.at < end) throw new Error(`A part of ${part.length} bytes has only ${position - start}.`);
  }

  private async write(piece: Buffer, turn: Turn): Promise<void> {
    if (!this.raw.headersSent) {
      this.reply.hijack();
      this.raw.writeHead(this.plan.status, this.plan.headers);
    }
    if (this.raw.write(piece)) return;
    this.drained = this.drain(piece);
    turn.blockedSince = performance.now();
    await Promise.race([this.drained, turn.ended]);
    turn.blockedSince = null;
  }

  private drain(piece: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const release = this.shared.unread.hold(this.raw, this.client, piece);
      const done = (): void => {
        this.raw.off("drain", done).off("close", done);
        release();
        resolve();
      };
      this.raw.once("drain", done).once("close", done);
    });
  }

  private left(): null {
    if (!this.reply.sent) this.reply.hijack();
    return null;
  }
}
