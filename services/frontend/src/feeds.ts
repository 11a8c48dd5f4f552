import type { ServerResponse } from "node:http";
import type { Progress } from "./kinds/kind";

/** What a reader may leave unread, in bytes, before it is spared the steps between. */
const MOST_UNREAD = 256 * 1024;

/** Comment lines keep proxies from ending a connection on which nothing happens. */
const HEARTBEAT_MS = 15_000;

/** How long a browser waits before it comes back, in ms. */
const RETRY = "retry: 2000\n\n";

const HEADERS = [
  "Content-Type", "text/event-stream; charset=utf-8",
  "Cache-Control", "no-store",
  "X-Accel-Buffering", "no",
  "X-Content-Type-Options", "nosniff",
];

/** All server-sent event streams of this process; one clock for all of their heartbeats. */
export class Feeds {
  private readonly feeds = new Set<Feed>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly heartbeatMs = HEARTBEAT_MS) {}

  get count(): number {
    return this.feeds.size;
  }

  open(raw: ServerResponse): Feed {
    const feed = new Feed(raw);
    this.feeds.add(feed);
    raw.once("close", () => this.closed(feed));
    this.timer ??= setInterval(() => this.beat(), this.heartbeatMs).unref();
    return feed;
  }

  private beat(): void {
    for (const feed of this.feeds) feed.beat();
  }

  private closed(feed: Feed): void {
    this.feeds.delete(feed);
    if (this.feeds.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** One stream of events. */
export class Feed {
  private missed = false;

  constructor(private readonly raw: ServerResponse) {
    raw.writeHead(200, HEADERS);
    raw.write(RETRY);
  }

  /** Sends news. A slow reader gets none until it has caught up, and then everything so far at once: nothing piles up. */
  progress(news: Progress, whole: Progress): void {
    if (!this.reads) {
      this.missed = true;
      return;
    }
    this.raw.write(progressEvent(this.missed ? whole : news));
    this.missed = false;
  }

  /** The pool is away; it is asked again. */
  waiting(reason: string): void {
    if (this.reads) this.raw.write(event("waiting", JSON.stringify({ reason })));
  }

  ready(summary: Buffer): void {
    this.raw.end(event("ready", summary.toString("utf8")));
  }

  failed(reason: string, retryable: boolean): void {
    this.raw.end(event("failed", JSON.stringify({ reason, retryable })));
  }

  /** The service ends: come back, to whoever serves then. */
  comeBack(): void {
    this.raw.end(RETRY);
  }

  beat(): void {
    if (this.reads) this.raw.write(":\n\n");
  }

  /** Is there room for more? Not after the end: a slow reader keeps the stream open until it has read that, too. */
  private get reads(): boolean {
    return !this.raw.writableEnded && this.raw.writableLength <= MOST_UNREAD;
  }
}

/** Each line break would end the field, so each line is a field of its own; the reader joins them. */
function event(name: string, data: string): string {
  return `event: ${name}\ndata: ${data.trimEnd().replaceAll("\n", "\ndata: ")}\n\n`;
}

const EVENTS = new WeakMap<Progress, string>();

/** The same news go to everyone who waits for a computation: they are written down once. */
function progressEvent(news: Progress): string {
  let text = EVENTS.get(news);
  if (text === undefined) {
    text = event("progress", JSON.stringify(news));
    EVENTS.set(news, text);
  }
  return text;
}
