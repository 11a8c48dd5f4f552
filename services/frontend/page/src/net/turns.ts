/**
 * Tells the other tabs of this browser that this one holds an event stream or waits for its turn, and says when to open and
 * close it. Without BroadcastChannel each tab holds its own.
 *
 * Everything happens on messages, on events of the stream (`tick`) and once a second: browsers slow the timers of hidden tabs
 * down, to one a minute in the end, but deliver messages.
 */
import { decide, type Tab } from "../model/turns";

const CHANNEL = "porta-streams";
/** Milliseconds after which a tab tells the others that it is still there. */
const BEAT = 1000;
/** A tab that is not heard for so long has crashed, or is frozen (milliseconds). */
const SILENT = 10_000;

interface Message {
  readonly id: string;
  /** Null: it waits for nothing any more. */
  readonly tab: Tab | null;
  /** It has just come and knows nobody. */
  readonly hello: boolean;
}

export interface Holder {
  /** Opens the stream. */
  take(): void;
  /** Closes the stream, to open it again at the next turn. */
  give(): void;
}

export class Turns {
  /** `crypto.randomUUID` exists on secure origins only. */
  readonly #id = Math.random().toString(36).slice(2);
  readonly #others = new Map<string, { readonly tab: Tab; readonly heard: number }>();
  #channel: BroadcastChannel | null = null;
  /** Null: nothing is waited for. */
  #me: Tab | null = null;
  #told = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #listening: AbortController | null = null;

  constructor(readonly holder: Holder) {}

  /** Opens the stream at once; other tabs give way. */
  want(): void {
    this.#join();
    this.#become(true, true);
    this.holder.take();
  }

  /** Nothing is waited for any more, or not now. The holder has closed its stream. */
  rest(): void {
    this.#listening?.abort();
    this.#leave();
  }

  /** Something came over the stream. */
  tick(): void {
    if (this.#me && Date.now() - this.#told >= BEAT) this.#consider();
  }

  /** An open channel would keep the page out of the browser's cache for going back: it is open while something is awaited. */
  #join(): void {
    if (this.#me) return;
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(CHANNEL);
      this.#channel.addEventListener("message", (event: MessageEvent<Message>) => {
        this.#heard(event.data);
      });
    }
    this.#timer = setInterval(() => {
      this.#consider();
    }, BEAT);
    this.#listen();
  }

  #leave(): void {
    clearInterval(this.#timer);
    if (this.#me) {
      this.#me = null;
      this.#tell();
    }
    this.#channel?.close();
    this.#channel = null;
    this.#others.clear();
  }

  #listen(): void {
    this.#listening?.abort();
    const { signal } = (this.#listening = new AbortController());
    document.addEventListener(
      "visibilitychange",
      () => {
        if (!this.#me) return;
        const waiting = !this.#me.holding;
        this.#me = { ...this.#me, visible: isVisible() };
        // A person looks at this tab: the news come now.
        if (waiting && this.#me.visible) this.want();
        else this.#tell();
      },
      { signal },
    );
    const pause = () => {
      this.#leave();
      this.holder.give();
    };
    const resume = () => {
      if (!this.#me) this.want();
    };
    // A page that is kept for going back, or frozen, runs no script: it cannot give way.
    addEventListener("pagehide", pause, { signal });
    addEventListener("pageshow", resume, { signal });
    document.addEventListener("freeze", pause, { signal });
    document.addEventListener("resume", resume, { signal });
  }

  #heard({ id, tab, hello }: Message): void {
    if (tab) this.#others.set(id, { tab, heard: Date.now() });
    else this.#others.delete(id);
    if (hello) this.#tell();
    this.#consider();
  }

  #consider(): void {
    const now = Date.now();
    for (const [id, { heard }] of this.#others) if (now - heard > SILENT) this.#others.delete(id);
    if (!this.#me) return;
    const decision = decide(this.#me, [...this.#others.values()].map(({ tab }) => tab), now);
    if (decision === "stay") {
      if (now - this.#told >= BEAT) this.#tell();
      return;
    }
    this.#become(decision === "take", false);
    this.holder[decision]();
  }

  #become(holding: boolean, hello: boolean): void {
    this.#me = { id: this.#id, holding, since: Date.now(), visible: isVisible() };
    this.#tell(hello);
  }

  #tell(hello = false): void {
    this.#told = Date.now();
    this.#channel?.postMessage({ id: this.#id, tab: this.#me, hello } satisfies Message);
  }
}

const isVisible = (): boolean => document.visibilityState === "visible";
