/** Address → question → stream → view. Wires the parts; each part is its own file. */
import { pathOf, readPlace, readView, writeView } from "./model/address";
import { readLook, writeLook } from "./model/ensemble/look";
import { count } from "./model/format";
import { isEnsemble, type Limits, type Question } from "./model/input";
import { OverviewError } from "./model/overview";
import { type Happening, next, type Progress, type Result, START, type State } from "./model/state";
import { lost, outdated, Refused, troubleOf } from "./net/problem";
import { Stream } from "./net/stream";
import { Announcer } from "./ui/announcer";
import { attachControls } from "./ui/controls";
import { Form } from "./ui/form";
import { attachCopy } from "./ui/formats";
import { Status } from "./ui/status";
import { EnsembleView } from "./views/ensemble";
import { RunView } from "./views/run";
import type { View } from "./views/view";

/** A hit answers faster than this (milliseconds): until then nothing says that work is going on. */
const PATIENCE = 150;
/** Changes of the view reach the address after a moment's rest (milliseconds): browsers limit how often it may change. */
const ADDRESS_REST = 200;
/** Seconds after which a picture that could not be fetched is asked for again. */
const FETCH_AGAIN = 3;

export class Page {
  #state: State = START;
  #stream: Stream | null = null;
  /** Aborted when the question is left: nothing that was asked for it arrives any more. */
  #leaving = new AbortController();
  /** Runs while a hit may still come; what is on stays on until then. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  #address: ReturnType<typeof setTimeout> | undefined;
  /** Runs while a picture that could not be fetched waits to be asked for again; its stream has ended. */
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #announcer = new Announcer();
  readonly #status = new Status(() => {
    this.#retry();
  });
  readonly #form: Form;
  readonly #run: RunView;
  readonly #ensemble: EnsembleView;
  #view: View;

  constructor(readonly limits: Limits) {
    this.#form = new Form(limits, (question) => {
      this.#go(pathOf(question));
    });
    const host = {
      remember: (fragment: string) => {
        this.#remember(fragment);
      },
    };
    this.#view = this.#run = new RunView(host);
    this.#ensemble = new EnsembleView(host);
    attachCopy();
    attachControls({
      choose: (name, value) => {
        this.#view.choose(name, value);
      },
      zoom: (zoom) => {
        this.#view.zoom(zoom);
      },
      skip: () => {
        this.#view.focus();
      },
      go: (path) => {
        this.#go(path);
      },
    });
    addEventListener("popstate", () => {
      this.#arrive();
    });
    addEventListener("online", () => {
      if (this.#state.phase === "waiting") this.#retry();
    });
    this.#arrive();
    document.body.classList.remove("early");
  }

  #go(path: string): void {
    history.pushState(null, "", path);
    scrollTo(0, 0);
    this.#arrive();
  }

  /** Reads the address and goes where it says. The same question with another view is only looked at anew. */
  #arrive(): void {
    const place = readPlace(location.pathname, location.search, this.limits);
    if (place.kind === "question") {
      const { question } = place;
      const path = pathOf(question);
      // People copy the address to share it: keep the canonical numbers, drop names that trackers add.
      this.#tidy(path + (isEnsemble(question) ? writeLook(readLook(location.hash)) : writeView(readView(location.hash))));
      const runs = isEnsemble(question) ? count(question.runs) : "";
      this.#form.fill({ steps: count(question.steps), runs, seed: question.seed === 0 ? "" : String(question.seed) });
      if (this.#state.phase === "shown" && pathOf(this.#state.question) === path) this.#view.look();
      else this.#ask(question);
      return;
    }
    this.#leave();
    this.#turnTo(this.#run);
    this.#run.greet();
    if (place.kind === "bad") {
      this.#form.fill(place.asked);
      this.#form.refuse(place.about, place.message);
      this.#happened({ type: "refused", message: place.message });
    } else {
      this.#tidy(location.pathname);
      this.#form.fill({ steps: "", runs: "", seed: "" });
      this.#happened({ type: "home" });
    }
  }

  #tidy(address: string): void {
    if (location.pathname + location.search + location.hash !== address) history.replaceState(null, "", address);
  }

  #ask(question: Question): void {
    this.#leave();
    performance.clearMarks();
    const view = isEnsemble(question) ? this.#ensemble : this.#run;
    if (view !== this.#view) this.#turnTo(view);
    this.#patience = setTimeout(() => {
      this.#clear();
      this.#render();
    }, PATIENCE);
    this.#happened({ type: "asked", question });
    this.#stream = new Stream(question, (happening) => {
      this.#happened(happening);
    });
  }

  #leave(): void {
    clearTimeout(this.#address);
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#lose();
    this.#stream?.close();
    this.#stream = null;
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  #turnTo(view: View): void {
    this.#view.clear();
    this.#view = view;
    view.clear();
    document.body.dataset["view"] = view === this.#run ? "run" : "ensemble";
  }

  /** No more patience. */
  #lose(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #clear(): void {
    this.#lose();
    this.#view.clear();
  }

  #retry(): void {
    if (this.#state.phase === "waiting" && this.#again === undefined) this.#stream?.retry();
    else if ("question" in this.#state) this.#ask(this.#state.question);
  }

  #happened(happening: Happening): void {
    this.#state = next(this.#state, happening);
    const { phase } = this.#state;
    const news = (happening.type === "progress" && phase === "computing") || happening.type === "trouble";
    if (news && this.#patience !== undefined) this.#clear();
    if (happening.type === "progress" && phase === "computing") this.#grow(this.#state.question, happening.progress);
    if (happening.type === "ready" && phase === "drawing") void this.#draw(this.#state.question, this.#state.summary);
    this.#render();
  }

  #grow(question: Question, progress: Progress): void {
    try {
      this.#view.grow(question, progress);
    } catch (error) {
      if (!(error instanceof OverviewError)) throw error;
      this.#stream?.close(); // It would send the same again, once a second.
      this.#fail(question, error);
    }
  }

  async #draw(question: Question, result: Result): Promise<void> {
    const { signal } = this.#leaving;
    try {
      await this.#view.show(question, result, signal);
      if (signal.aborted) return;
      this.#lose();
      this.#happened({ type: "drawn" });
    } catch (error) {
      if (!signal.aborted) this.#fail(question, error);
    }
  }

  #fail(question: Question, error: unknown): void {
    const trouble =
      error instanceof OverviewError
        ? outdated(error.message)
        : error instanceof Refused
          ? troubleOf(error.problem, FETCH_AGAIN)
          : lost(navigator.onLine, FETCH_AGAIN);
    this.#happened({ type: "trouble", trouble });
    if (trouble.retryIn === null) return;
    this.#again = setTimeout(() => {
      this.#ask(question);
    }, trouble.retryIn * 1000);
  }

  #remember(fragment: string): void {
    clearTimeout(this.#address);
    this.#address = setTimeout(() => {
      history.replaceState(null, "", location.pathname + location.search + fragment);
    }, ADDRESS_REST);
  }

  #render(): void {
    const { phase } = this.#state;
    const quiet = this.#patience !== undefined && (phase === "asking" || phase === "drawing");
    const { dataset } = document.body;
    // From the start page to a run the layout changes at once; from run to run, a hit changes the picture only.
    if (!quiet || dataset["phase"] === "start" || dataset["phase"] === "bad") dataset["phase"] = phase;
    this.#status.show(this.#state, quiet);
    this.#announcer.tell(this.#state);
  }
}
