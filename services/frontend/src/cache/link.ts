import { ReplyError, type Redis } from "ioredis";
import type { Logger } from "pino";
import type { RedisTarget } from "../addresses";
import { troubleOf, type Trouble } from "./trouble";

/** A key that no result has, since steps are counted from 1: reading it shows what Redis answers to a read. */
const PROBE = ["propagation/0", "manifest"] as const;

/** One connection to Redis: whether it can be used, why not, and who waits until it can. */
export class Link {
  private current: Trouble | null = null;
  /** The name of the trouble that is in the log, as long as it lasts. */
  private logged: string | null = null;
  private readonly waiting = new Set<() => void>();
  private readonly where: string;

  constructor(
    readonly redis: Redis,
    private readonly name: string,
    private readonly target: RedisTarget,
    private readonly log: Logger,
  ) {
    this.where = `${target.host}:${target.port}`;
    redis.on("error", (error: Error) => this.failed(error));
    // The server accepts connections again: until it says more, it is only slow.
    redis.on("connect", () => (this.current = null));
    redis.on("ready", () => {
      this.changed();
      void this.probe();
    });
    redis.on("close", () => this.closed());
  }

  /** Why the connection cannot be used, as far as that is known. */
  get trouble(): Trouble | null {
    return this.current;
  }

  /** Whether a command can be sent now. */
  get open(): boolean {
    return this.redis.status === "ready" && this.redis.stream.writable;
  }

  /** Calls back at the next change. @returns a function that cancels it */
  onChange(callback: () => void): () => void {
    this.waiting.add(callback);
    return () => void this.waiting.delete(callback);
  }

  /** Redis has answered a read. */
  answered(): void {
    this.current = null;
    if (this.logged === null) return;
    this.logged = null;
    this.log.info({ connection: this.name, host: this.target.host, port: this.target.port }, "Redis is back");
  }

  /** Redis has not answered a request in time. @returns why, as far as that is known */
  silent(): Trouble {
    return this.current ?? this.note(`${this.target.tls && !this.open ? "tls " : ""}timed out`);
  }

  /** What an error reply means. */
  replied(error: Error): Trouble {
    return this.note(error.message);
  }

  /** A connection without a password is `ready` before Redis has said a word, so ask it something. */
  private async probe(): Promise<void> {
    try {
      await this.redis.hmget(...PROBE);
      this.answered();
    } catch (error) {
      if (error instanceof ReplyError) this.failed(error as Error);
    }
  }

  private failed(error: Error): void {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const said = error instanceof ReplyError ? error.message : `${this.target.tls ? "tls " : ""}${code} ${error.message}`.trimStart();
    const { name } = troubleOf(said, this.where);
    // A connection that worked was lost: the next attempt shows whether Redis is still there.
    if (name.startsWith("closes") && this.heard) return;
    this.note(said);
    // ioredis would go on in database 0.
    if (name === "no such database") this.redis.disconnect(true);
    this.changed();
  }

  private closed(): void {
    if (this.current === null && !this.heard) this.note(`${this.target.tls ? "tls " : ""}closed before an answer`);
    this.changed();
  }

  /** Whether the server has said anything over this connection. */
  private get heard(): boolean {
    return this.redis.stream.bytesRead > 0;
  }

  private note(said: string): Trouble {
    const trouble = troubleOf(said, this.where);
    this.current = trouble;
    if (this.logged !== trouble.name) {
      const { host, port } = this.target;
      this.log.warn({ connection: this.name, host, port, reason: trouble.words, error: said }, "Redis is away");
    }
    this.logged = trouble.name;
    return trouble;
  }

  private changed(): void {
    for (const callback of [...this.waiting]) callback();
  }
}
