import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { Interrupted } from "../lifecycle";
import { away, declined } from "../problem";
import type { CacheState, Form, Ready } from "../ready";
import { isStreamed, type Found, type ResultStore, type Streamed } from "../store";
import { clientOf } from "./client";
import { Line, type Turn } from "./line";
import { partsOf } from "./parts";
import { planOf, type Plan, type Wish } from "./plan";
import type { Span } from "./range";
import { Transfer } from "./transfer";
import { Unpacked } from "./unpacked";
import { Unread } from "./unread";

/** Large bodies that are under way at one time: each holds a chunk of up to 4 MiB. */
const MOST_TURNS = 32;

/** What clients may leave unread, all together, in bytes. */
const MOST_UNREAD = 64 * 1024 * 1024;

/** Who is told that a body did not come to its end. */
export interface Listeners {
  /** The rest of it turned out damaged, or could not be read, after its first bytes were sent. */
  readonly onCut: (form: Form, reason: Error) => void;
  /** Its client did not read. */
  readonly onSlow: (client: string) => void;
}

/** Writes results to sockets: from memory, or chunk by chunk out of Redis. */
export class Sender {
  readonly line = new Line(MOST_TURNS);
  readonly unread: Unread;
  private readonly unpacked: Unpacked;
  private streams = 0;

  constructor(
    private readonly store: ResultStore,
    memoryBytes: number,
    private readonly listeners: Listeners,
  ) {
    this.unpacked = new Unpacked(memoryBytes);
    this.unread = new Unread(MOST_UNREAD, listeners.onSlow);
  }

  /** Large bodies that are being sent, or wait for their turn. */
  get streaming(): number {
    return this.streams;
  }

  /**
   * Sends what memory holds, if it holds it as it is wanted; past Fastify's own sending.
   *
   * @returns the bytes of the body that were handed to the socket; null: it is not there like this
   * @throws Problem 416
   */
  sendHeld(reply: FastifyReply, ready: Ready, wish: Wish): number | null {
    const plan = planOf(ready, wish, "hit");
    const body = wish.encoding === ready.encoding ? ready.body : this.unpacked.get(ready);
    if (plan.span !== null && body === undefined) return null;
    reply.hijack();
    return this.whole(reply.raw, plan, body);
  }

  /**
   * Sends any result. A large one waits for its turn before the first byte.
   *
   * @param signal ends that wait
   * @returns the bytes of the body that were handed to the socket; null where it did not come to its end
   * @throws Problem before the first byte
   */
  async send(reply: FastifyReply, found: Found, wish: Wish, cache: CacheState, signal: AbortSignal): Promise<number | null> {
    const plan = planOf(found, wish, cache);
    if (plan.span === null || !isStreamed(found)) {
      const body = plan.span === null ? undefined : await this.bodyOf(found as Ready, wish);
      if (plan.span === null || body !== undefined) {
        reply.hijack();
        return reply.raw.destroyed ? null : this.whole(reply.raw, plan, body);
      }
    }
    return this.stream(reply, found, wish, plan, signal);
  }

  private async bodyOf(ready: Ready, { encoding }: Wish): Promise<Buffer | undefined> {
    if (encoding === ready.encoding) return ready.body;
    return this.unpacked.fits(ready) ? this.unpacked.unpack(ready) : undefined;
  }

  private whole(raw: ServerResponse, { status, headers, span }: Plan, body?: Buffer): number {
    raw.writeHead(status, headers);
    if (span === null || body === undefined) {
      raw.end();
      return 0;
    }
    raw.end(status === 200 ? body : body.subarray(span.from, span.to));
    this.watch(raw, body);
    return span.to - span.from;
  }

  /** Counts what a client has not taken of an answer that is complete. */
  watch(raw: ServerResponse, body: Buffer): void {
    if (raw.writableLength > 0) raw.once("close", this.unread.hold(raw, clientOf(raw.req.socket.remoteAddress), body));
  }

  private async stream(reply: FastifyReply, found: Found, wish: Wish, plan: Plan, signal: AbortSignal): Promise<number | null> {
    const { raw } = reply;
    const client = clientOf(raw.req.socket.remoteAddress);
    this.streams += 1;
    try {
      const parts = await partsOf(found, wish.encoding, (index) => this.chunk(found as Streamed, index));
      const turn = await this.firstTurn(client, signal);
      if (turn === null) {
        reply.hijack();
        return null;
      }
      return await new Transfer(this, reply, plan as Plan & { span: Span }, client, turn).run(parts);
    } catch (error) {
      if (!raw.headersSent) throw error;
      this.listeners.onCut(found, error as Error);
      raw.destroy(error as Error);
      return null;
    } finally {
      this.streams -= 1;
    }
  }

  /** Null: the client has left. @throws Problem 503 */
  private async firstTurn(client: string, signal: AbortSignal): Promise<Turn | null> {
    try {
      return await this.line.take(client, signal);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (error.why === "client left") return null;
      throw declined("This frontend", `It sends as many large results as it can: ${this.line.waiting} more wait in line.`);
    }
  }

  private async chunk({ computation, manifest, kind }: Streamed, index: number): Promise<Buffer> {
    const chunk = await this.store.chunk(computation, manifest, kind, index);
    if (chunk) return chunk;
    this.store.suspect(computation);
    // Before the first byte the client is told so; afterwards its body is cut.
    throw away("cache", `Chunk ${kind}/${index} of ${computation.key} is missing or damaged. Asking again has it computed again.`);
  }
}
