/** Address → run → stream → picture. Wires the parts; each part is its own file. */
import { type Limits, pathOf, readPlace, readView, type View, writeView } from "./model/address";
import { count } from "./model/format";
import type { Run } from "./model/input";
import { decodeRows, OverviewError, Windows } from "./model/overview";
import { type Happening, next, type Progress, START, type State } from "./model/state";
import { Track } from "./model/track";
import type { Summary } from "./model/verdict";
import { fetchPicture } from "./net/picture";
import { lost, outdated, Refused, troubleOf } from "./net/problem";
import { Stream } from "./net/stream";
import { Stage } from "./stage";
import { Announcer } from "./ui/announcer";
import { attachControls, showControls } from "./ui/controls";
import { describe, readEnergy } from "./ui/describe";
import { element } from "./ui/elements";
import { Form } from "./ui/form";
import { attachCopy, showFormats } from "./ui/formats";
import { showNumbers } from "./ui/numbers";
import { Status } from "./ui/status";
import { Transport } from "./ui/transport";
import { showVerdict } from "./ui/verdict";

/** A hit answers faster than this (milliseconds): until then nothing says that work is going on. */
const PATIENCE = 150;
/** Changes of the view reach the address after a moment's rest (milliseconds): browsers limit how often it may change. */
const ADDRESS_REST = 200;
/** Seconds after which a picture that could not be fetched is asked for again. */
const FETCH_AGAIN = 3;

export class Page {
  #state: State = START;
  #stream: Stream | null = null;
  /** Aborted when the run is left: nothing that was asked for it arrives any more. */
  #leaving = new AbortController();
  /** Runs while a hit may still come; what is on stays on until then. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  #address: ReturnType<typeof setTimeout> | undefined;
  #track: Track | null = null;
  readonly #announcer = new Announcer();
  readonly #status = new Status(() => {
    this.#retry();
  });
  readonly #form: Form;
  readonly #stage: Stage;
  readonly #transport: Transport;

  constructor(readonly limits: Limits) {
    this.#form = new Form(limits, (run) => {
      this.#go(pathOf(run));
    });
    this.#transport = new Transport({
      toggle: () => {
        if (this.#summary) this.#stage.toggle();
      },
      seek: (step) => {
        this.#stage.seek(step);
      },
      speed: (rate) => {
        this.#stage.setSpeed(rate);
      },
    });
    this.#stage = new Stage({
      view: (view) => {
        this.#remember(view);
      },
      time: (now) => {
        if (!this.#summary || !this.#track) return;
        this.#transport.show(now);
        readEnergy(this.#track, now.step);
      },
      detail: () => {
        this.#tell();
      },
    });
    this.#stage.setSpeed(this.#transport.rate);
    attachCopy();
    attachControls({
      look: (change) => {
        const view = { ...this.#stage.view, ...change, window: null, ...("span" in change ? { step: null } : {}) };
        this.#look(view);
        this.#remember(view);
      },
      zoom: (inwards) => {
        this.#stage.zoom(inwards);
      },
      fit: () => {
        this.#stage.fit();
      },
      go: (path) => {
        this.#go(path);
      },
    });
    element("numbers").addEventListener("toggle", () => {
      this.#tell();
    });
    addEventListener("popstate", () => {
      this.#arrive();
    });
    addEventListener("online", () => {
      this.#stream?.retry();
    });
    this.#arrive();
    document.body.classList.remove("early");
  }

  /** Of what is drawn. */
  get #summary(): Summary | null {
    return this.#state.phase === "shown" ? this.#state.summary : null;
  }

  #go(path: string): void {
    history.pushState(null, "", path);
    scrollTo(0, 0);
    this.#arrive();
  }

  /** Reads the address and goes where it says. The same run with another view is only looked at anew. */
  #arrive(): void {
    const place = readPlace(location.pathname, location.search, this.limits);
    if (place.kind === "run") {
      const { run } = place;
      this.#form.fill(count(run.steps), run.seed === 0 ? "" : String(run.seed));
      const current = this.#summary;
      if (current?.steps === run.steps && current.seed === run.seed) this.#look(readView(location.hash));
      else this.#ask(run);
      return;
    }
    this.#leave();
    this.#clear(true);
    if (place.kind === "bad") {
      this.#form.fill(place.steps, place.seed);
      this.#form.refuse(place.message);
      this.#happened({ type: "refused", message: place.message });
    } else {
      this.#form.fill("", "");
      this.#happened({ type: "home" });
    }
  }

  #ask(run: Run): void {
    this.#leave();
    performance.clearMarks();
    this.#patience = setTimeout(() => {
      this.#clear(false);
      this.#render();
    }, PATIENCE);
    this.#happened({ type: "asked", run });
    this.#stream = new Stream(run, (happening) => {
      this.#happened(happening);
    });
  }

  #leave(): void {
    clearTimeout(this.#address);
    this.#lose();
    this.#stream?.close();
    this.#stream = null;
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  /** No more patience. */
  #lose(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #clear(greeting: boolean): void {
    this.#lose();
    this.#track = null;
    this.#stage.empty(greeting);
    showVerdict(null);
    showFormats(null, null);
  }

  #retry(): void {
    if (this.#state.phase === "waiting") this.#stream?.retry();
    else if ("run" in this.#state) this.#ask(this.#state.run);
  }

  #happened(happening: Happening): void {
    this.#state = next(this.#state, happening);
    if (happening.type === "progress" && this.#state.phase === "computing") this.#grow(this.#state.run, happening.progress);
    if (happening.type === "ready" && this.#state.phase === "drawing") void this.#draw(this.#state.run, this.#state.summary);
    if (happening.type === "trouble" && this.#patience !== undefined) this.#clear(false);
    this.#render();
  }

  /** Adds what has been computed since to the picture. */
  #grow(run: Run, { k, total, windows }: Progress): void {
    if (this.#patience !== undefined) this.#clear(false);
    const known = this.#track?.base;
    const base = known?.k === k && known.to === total ? known : new Windows(k, 0, total);
    for (const { first, data } of windows) base.put(first, decodeRows(data));
    this.#track = new Track(base);
    this.#stage.grow(run, this.#track);
  }

  async #draw(run: Run, summary: Summary): Promise<void> {
    const { signal } = this.#leaving;
    try {
      const { track, late } = await fetchPicture(run, summary, signal);
      if (signal.aborted) return;
      this.#lose();
      this.#track = track;
      this.#stage.show(run, track, summary, readView(location.hash));
      this.#happened({ type: "drawn" });
      showControls(this.#stage.view);
      showVerdict(summary);
      showFormats(run, summary);
      this.#tell();
      const detail = await late;
      if (detail && !signal.aborted) this.#stage.sharpen(detail);
    } catch (error) {
      if (!signal.aborted) this.#fail(run, error, signal);
    }
  }

  #fail(run: Run, error: unknown, signal: AbortSignal): void {
    const trouble =
      error instanceof OverviewError
        ? outdated(error.message)
        : error instanceof Refused
          ? troubleOf(error.problem, FETCH_AGAIN)
          : lost(navigator.onLine, FETCH_AGAIN);
    this.#happened({ type: "trouble", trouble });
    if (trouble.retryIn === null) return;
    setTimeout(() => {
      if (!signal.aborted) this.#ask(run);
    }, trouble.retryIn * 1000);
  }

  #look(view: View): void {
    this.#stage.look(view);
    showControls(view);
    this.#tell();
  }

  #remember(view: View): void {
    showControls(view);
    clearTimeout(this.#address);
    this.#address = setTimeout(() => {
      if (this.#summary) history.replaceState(null, "", location.pathname + location.search + writeView(view));
    }, ADDRESS_REST);
  }

  /** What the picture shows, in words and numbers. */
  #tell(): void {
    if (!this.#track || !this.#summary) return;
    describe(this.#stage, this.#track, this.#summary);
    showNumbers(this.#track, this.#stage.steps);
  }

  #render(): void {
    const { phase } = this.#state;
    const quiet = this.#patience !== undefined && (phase === "asking" || phase === "drawing");
    const { dataset } = document.body;
    // From the start page to a run the layout changes at once; from run to run, a hit changes the picture only.
    if (!quiet || dataset["phase"] === "start" || dataset["phase"] === "bad") dataset["phase"] = phase;
    this.#status.show(this.#state, quiet);
    this.#transport.enable(this.#summary !== null);
    this.#announcer.tell(this.#state);
  }
}

