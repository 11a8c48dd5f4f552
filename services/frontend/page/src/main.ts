/** The page: address → run → stream → picture. Wires the parts; each part is its own file. */
import "./style.css";

import contract from "../../../propagation/src/porta/contract.json";
import { FIRST_VIEW, type Frame, pathOf, readPlace, readView, type Span, type View, writeView } from "./model/address";
import { count } from "./model/format";
import type { Run } from "./model/input";
import { decodeRows, Windows } from "./model/overview";
import { type Happening, next, type Progress, START, type State } from "./model/state";
import { Track } from "./model/track";
import { type Summary, trustedSteps } from "./model/verdict";
import { fetchOverview } from "./net/overviews";
import { Refused, troubleOf } from "./net/problem";
import { Stream } from "./net/stream";
import { Stage } from "./stage";
import { Announcer } from "./ui/announcer";
import { describe } from "./ui/describe";
import { element } from "./ui/elements";
import { Form } from "./ui/form";
import { attachCopy, showFormats } from "./ui/formats";
import { showNumbers } from "./ui/numbers";
import { Status } from "./ui/status";
import { Transport } from "./ui/transport";
import { showVerdict } from "./ui/verdict";

/** A hit answers faster than this (milliseconds): until then nothing says that work is going on. */
const PATIENCE = 150;
/** How long the first picture waits for the detail of the trusted span before it is drawn without (milliseconds). */
const DETAIL_PATIENCE = 150;
/** Changes of the view reach the address after a moment's rest: browsers limit how often it may change. */
const ADDRESS_REST = 200;

const meta = Number(document.querySelector<HTMLMetaElement>('meta[name="max-steps"]')?.content);
const limits = { maxSteps: meta > 0 ? meta : contract.maxSteps, maxSeed: contract.maxSeed };

class Page {
  #state: State = START;
  #stream: Stream | null = null;
  #leaving = new AbortController();
  #patience: ReturnType<typeof setTimeout> | undefined;
  #address: ReturnType<typeof setTimeout> | undefined;
  #partial: Windows | null = null;
  #track: Track | null = null;
  readonly #announcer = new Announcer();
  readonly #status = new Status(() => {
    this.#retry();
  });
  readonly #form = new Form(limits, (run) => {
    this.#navigate(pathOf(run));
  });
  readonly #stage = new Stage({
    view: (view) => {
      this.#remember(view);
    },
    time: (now) => {
      if (this.#summary) this.#transport.show(now);
      describe(this.#stage, this.#track, this.#summary);
    },
    detail: () => {
      this.#numbers();
    },
  });
  readonly #transport = new Transport({
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

  constructor() {
    this.#stage.setSpeed(this.#transport.rate);
    attachCopy();
    this.#attachControls();
    addEventListener("popstate", () => {
      this.#arrive();
    });
    addEventListener("online", () => {
      this.#stream?.retry();
    });
    this.#arrive();
  }

  get #summary(): Summary | null {
    return this.#state.phase === "shown" ? this.#state.summary : null;
  }

  /** Reads the address and goes where it says. The same run with another view is only looked at anew. */
  #arrive(): void {
    const place = readPlace(location.pathname, location.search, limits);
    if (place.kind === "run") {
      const current = "run" in this.#state ? this.#state.run : null;
      if (current?.steps === place.run.steps && current.seed === place.run.seed) {
        this.#look(readView(location.hash));
        return;
      }
      this.#form.fill(count(place.run.steps), place.run.seed === 0 ? "" : String(place.run.seed));
      this.#ask(place.run);
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

  #navigate(path: string): void {
    if (path === location.pathname + location.search && this.#state.phase === "failed") {
      this.#retry();
      return;
    }
    history.pushState(null, "", path);
    this.#arrive();
    scrollTo(0, 0);
  }

  #ask(run: Run): void {
    this.#leave();
    performance.clearMarks("porta:drawn");
    this.#partial = null;
    // The last picture stays for the moment that a hit takes.
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
    clearTimeout(this.#patience);
    clearTimeout(this.#address);
    this.#patience = undefined;
    this.#stream?.close();
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  #clear(greeting: boolean): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
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

  #grow(run: Run, progress: Progress): void {
    if (this.#patience !== undefined) this.#clear(false);
    if (this.#partial?.k !== progress.k || this.#partial.to !== progress.total) {
      this.#partial = new Windows(progress.k, 0, progress.total);
    }
    for (const { first, data } of progress.windows) this.#partial.put(first, decodeRows(data));
    this.#track = new Track(this.#partial);
    this.#stage.grow(run, this.#track);
  }

  async #draw(run: Run, summary: Summary): Promise<void> {
    const { signal } = this.#leaving;
    const trusted = { from: 0, to: trustedSteps(summary) };
    try {
      const detail = fetchOverview(run, signal, trusted).catch(() => null);
      const whole = await fetchOverview(run, signal);
      const track = new Track(whole);
      const fine = whole.k > 0 ? await Promise.race([detail, new Promise<null>((late) => setTimeout(late, DETAIL_PATIENCE, null))]) : null;
      if (fine) track.add(fine);
      if (signal.aborted) return;
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.#track = track;
      this.#stage.show(run, track, summary, readView(location.hash));
      if (!fine && whole.k > 0) {
        void detail.then((late) => {
          if (late && !signal.aborted) this.#stage.sharpen(late);
        });
      }
      this.#happened({ type: "drawn" });
      this.#controls(this.#stage.view);
      showVerdict(summary);
      showFormats(run, summary);
      this.#numbers();
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof Refused ? error.problem : { status: 503, detail: error instanceof Error ? error.message : String(error) };
      this.#happened({ type: "trouble", trouble: troubleOf(known, 3) });
      setTimeout(() => {
        if (!signal.aborted) this.#ask(run);
      }, 3000);
    }
  }

  #look(view: View): void {
    this.#stage.look(view);
    this.#controls(view);
    this.#numbers();
  }

  #remember(view: View): void {
    this.#controls(view);
    clearTimeout(this.#address);
    this.#address = setTimeout(() => {
      if (this.#summary) history.replaceState(null, "", location.pathname + location.search + writeView(view));
    }, ADDRESS_REST);
  }

  #controls({ frame, span }: View): void {
    for (const [name, value] of Object.entries({ frame, span })) {
      const input = document.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`);
      if (input) input.checked = true;
    }
  }

  #numbers(): void {
    if (this.#track && this.#summary) showNumbers(this.#track, this.#stage.steps);
  }

  #render(): void {
    // While a hit may still come, what is on stays on.
    const settling = this.#patience !== undefined && (this.#state.phase === "asking" || this.#state.phase === "drawing");
    if (!settling || document.body.dataset["phase"] === "start") document.body.dataset["phase"] = this.#state.phase;
    if (!settling) this.#status.show(this.#state);
    this.#transport.enable(this.#summary !== null);
    this.#announcer.tell(this.#state);
  }

  #attachControls(): void {
    for (const input of document.querySelectorAll<HTMLInputElement>(".segmented input")) {
      input.addEventListener("change", () => {
        const { view } = this.#stage;
        const changed = input.name === "frame" ? { frame: input.value as Frame } : { span: input.value as Span, step: null };
        const looked = { ...FIRST_VIEW, ...view, ...changed, window: null };
        this.#look(looked);
        this.#remember(looked);
      });
    }
    element("zoom-in").addEventListener("click", () => {
      this.#stage.zoom(true);
    });
    element("zoom-out").addEventListener("click", () => {
      this.#stage.zoom(false);
    });
    element("fit").addEventListener("click", () => {
      this.#stage.fit();
    });
    element("numbers").addEventListener("toggle", () => {
      this.#numbers();
    });
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-run], a[data-home], #home");
      if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#navigate(link.pathname + link.search);
    });
  }
}

new Page();
