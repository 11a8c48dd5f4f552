/**
 * Everything that is drawn, and the clock that moves it: one place that knows the track, the view and the time, and asks
 * for a frame when one of them changes.
 */
import { FIRST_VIEW, type View } from "./model/address";
import type { Run } from "./model/input";
import { EXACT } from "./model/kepler";
import { DEFAULT_MOTION, type Windows } from "./model/overview";
import { Player } from "./model/player";
import type { Track } from "./model/track";
import { foretell, type Limits, type Summary, trustedSteps } from "./model/verdict";
import { Viewport } from "./model/viewport";
import { Details } from "./net/details";
import { element } from "./ui/elements";
import { attachScrub } from "./view/scrub";
import { bodiesAt, FINE, greeting, type Moment, planetAlone } from "./view/bodies";
import { drawChart, drawChartCursor, stepPlot } from "./view/chart";
import { Frames } from "./view/frames";
import { attachGestures, ZOOM_STEP } from "./view/gestures";
import { type Bodies, drawBodies } from "./view/markers";
import { onSchemeChange, readPalette } from "./view/palette";
import { drawPicture, extent, type Scene } from "./view/picture";
import { strandsOf } from "./view/strands";
import { Surface } from "./view/surface";
import { visibleSteps } from "./view/visible";

/** Seconds that the start page's satellite takes for its one revolution. */
const FIRST_REVOLUTION = 5;
/** With reduced motion, playing shows a still picture so often (milliseconds). */
const STRIDE = 500;
/** Steps around the cursor that are worth knowing finely, and the pace (steps a second) up to which that keeps up. */
const MOMENT = 320;
const FASTEST_DETAIL = 600;
/** What lies over the picture's edges: buttons above, ticks below and on the left (pixels). */
const INSET = { left: 44, right: 20, bottom: 34, top: 60 };

/** What is on stage: a run's path, complete or as far as it is. */
interface Cast {
  readonly run: Run;
  readonly track: Track;
  readonly summary: Summary | null;
  /** Finer windows of what is in sight, and of the moment under the cursor. */
  readonly sight: Details;
  readonly moment: Details;
}

export interface Watchers {
  /** The view was changed by a person. */
  view(view: View): void;
  /** Time moved, or the span did. */
  time(now: Moment & { readonly playing: boolean }): void;
  /** Finer windows came. */
  detail(): void;
}

export class Stage {
  readonly player = new Player();
  readonly #plane: Surface;
  readonly #chart: Surface;
  readonly #frames = new Frames();
  readonly #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #palette = readPalette();
  #cast: Cast | null = null;
  #limits: Limits = { trusted1: 0, trusted5: Infinity };
  #view: View = FIRST_VIEW;
  #viewport: Viewport | null = null;
  #scene: Scene = { frame: "planet", motion: DEFAULT_MOTION, strands: null, endTime: 0 };
  #speed: (end: number) => number = () => 1;

  constructor(readonly watchers: Watchers) {
    this.#plane = new Surface(element("plane"), () => {
      this.#redraw();
    });
    this.#chart = new Surface(element("chart"), () => {
      this.#frames.request(this.#drawChart);
    });
    attachGestures<Viewport>(element("plane"), {
      upright: true,
      change: (change) => {
        this.#look(change);
      },
      fit: () => {
        this.fit();
      },
    });
    attachScrub(this.#chart, {
      steps: () => (this.#cast?.summary ? this.steps : 0),
      seek: (step) => {
        this.seek(step);
      },
    });
    onSchemeChange(() => {
      this.#palette = readPalette();
      this.#redraw();
      this.#frames.request(this.#drawChart);
    });
  }

  get view(): View {
    return this.#view;
  }

  /** Steps of the span on view. */
  get steps(): number {
    if (!this.#cast) return 0;
    const { summary, track } = this.#cast;
    return summary && this.#view.span === "trusted" ? trustedSteps(summary) : track.steps;
  }

  get step(): number {
    // Several steps may end at one time: a step that was asked for is shown as asked.
    if (!this.player.playing && this.#view.step !== null) return Math.min(this.steps, this.#view.step);
    return this.player.atEnd ? this.steps : (this.#cast?.track.stepAt(this.player.time, this.steps) ?? 0);
  }

  /** The exact orbit alone: the start page, and a run of which nothing is known yet. */
  empty(greeting: boolean): void {
    this.#exit();
    this.#cast = null;
    this.#view = FIRST_VIEW;
    this.player.pause();
    this.player.end = EXACT.period;
    this.player.seek(0);
    this.player.rate = EXACT.period / FIRST_REVOLUTION;
    this.#build();
    if (greeting && !this.#reduced.matches) this.player.play();
    this.#move();
  }

  /** A path that grows while the pool works. */
  grow(run: Run, track: Track): void {
    this.player.pause();
    this.#enter({ run, track, summary: null }, { ...FIRST_VIEW, span: "all" });
  }

  /** A complete result, in the view that the address asks for. */
  show(run: Run, track: Track, summary: Summary, view: View): void {
    this.player.pause();
    this.#enter({ run, track, summary }, view);
    this.#wantDetail();
  }

  /** Another view of the same: from the controls, or from the history. */
  look(view: View): void {
    if (!this.#cast) return;
    const sameSpan = view.span === this.#view.span;
    this.#view = view;
    this.#build();
    if (!sameSpan || view.step !== null) this.#placeTime();
    this.#move();
    this.#wantDetail();
  }

  fit(): void {
    this.#view = { ...this.#view, window: null };
    this.#redraw();
    this.watchers.view(this.#view);
    this.#wantDetail();
  }

  zoom(inwards: boolean): void {
    this.#look((viewport) => viewport.zoom(inwards ? ZOOM_STEP : 1 / ZOOM_STEP));
  }

  toggle(): void {
    if (this.player.playing) {
      const { step } = this;
      this.player.pause();
      this.#rememberStep(step);
    } else {
      this.player.play();
    }
    this.#move();
  }

  seek(step: number): void {
    if (!this.#cast) return;
    this.player.pause();
    this.player.seek(step >= this.steps ? this.player.end : this.#cast.track.timeAt(step));
    this.#rememberStep(step);
    this.#move();
  }

  /** Finer windows that came by another way than a person's wish. */
  sharpen(detail: Windows): void {
    if (!this.#cast) return;
    this.#cast.track.add(detail);
    this.#arrived();
  }

  setSpeed(rate: (end: number) => number): void {
    this.#speed = rate;
    if (this.#cast) this.player.rate = rate(this.player.end);
  }

  #enter({ run, track, summary }: Pick<Cast, "run" | "track" | "summary">, view: View): void {
    this.#exit();
    const details = () =>
      new Details(run, track, () => {
        this.#arrived();
      });
    this.#cast = { run, track, summary, sight: details(), moment: details() };
    this.#limits = summary?.verdict ?? foretell(track.base);
    this.#view = view;
    this.#build();
    this.#placeTime();
    this.#move();
  }

  #exit(): void {
    this.#cast?.sight.stop();
    this.#cast?.moment.stop();
  }

  #rememberStep(step: number): void {
    this.#view = { ...this.#view, step: this.player.atEnd ? null : step };
    this.watchers.view(this.#view);
    this.#wantDetail();
  }

  /** Takes the clock to the view's step, and its end to that of the span. */
  #placeTime(): void {
    if (!this.#cast) return;
    const { track } = this.#cast;
    this.player.end = track.timeAt(this.steps);
    this.player.rate = this.#speed(this.player.end);
    this.player.seek(this.#view.step === null ? this.player.end : track.timeAt(Math.min(this.steps, this.#view.step)));
  }

  #arrived(): void {
    if (!this.#cast) return;
    const { atEnd } = this.player;
    this.player.end = this.#cast.track.timeAt(this.steps);
    if (atEnd) this.player.seek(this.player.end);
    this.#build();
    this.#move();
    this.#wantDetail();
    this.watchers.detail();
  }

  /** Prepares what is drawn from what is known. */
  #build(): void {
    const { frame } = this.#view;
    if (this.#cast) {
      const { track } = this.#cast;
      const strands = strandsOf(track, this.#limits, 0, this.steps);
      this.#scene = { frame, motion: track.motion, strands, endTime: track.timeAt(this.steps) };
    } else {
      this.#scene = { frame, motion: DEFAULT_MOTION, strands: null, endTime: 0 };
    }
    this.#redraw();
    this.#frames.request(this.#drawChart);
  }

  #look(change: (viewport: Viewport) => Viewport): void {
    if (!this.#viewport) return;
    this.#viewport = change(this.#viewport);
    this.#view = { ...this.#view, window: this.#viewport.window };
    this.#redraw();
    this.watchers.view(this.#view);
    this.#wantDetail();
  }

  /** What a closer look at the picture, and at the moment, is worth. */
  #wantDetail(): void {
    this.#wantMoment(this.step);
    if (!this.#cast?.summary || !this.#viewport) return;
    // The whole run, fitted, is as fine as its overview.
    if (!this.#view.window && this.#view.span === "all") return;
    this.#cast.sight.want(visibleSteps(this.#cast.track, this.#view.frame, this.#viewport.box, this.steps));
  }

  #wantMoment(step: number): void {
    if (!this.#cast?.summary) return;
    const { steps } = this;
    const pace = (this.player.rate * steps) / Math.max(1e-9, this.player.end);
    if (this.player.playing && pace > FASTEST_DETAIL) return;
    const around = { from: Math.max(0, step - MOMENT / 2), to: Math.min(steps, step + MOMENT) };
    if (this.#cast.track.level(around.from, around.to) > FINE) this.#cast.moment.want(around);
  }

  #redraw(): void {
    this.#frames.request(this.#drawPlane);
    this.#frames.request(this.#drawMoving);
  }

  #move(): void {
    this.#frames.request(this.#drawMoving);
  }

  readonly #drawPlane = (): void => {
    const { size, below } = this.#plane;
    if (size.width === 0) return;
    const { window } = this.#view;
    this.#viewport = window ? new Viewport(window, size) : Viewport.fit(extent(this.#scene), size, INSET);
    this.#plane.clear(below);
    drawPicture(below, this.#viewport, this.#scene, this.#palette);
    this.#expose();
    if (this.#cast?.summary && performance.getEntriesByName("porta:drawn").length === 0) performance.mark("porta:drawn");
  };

  /** What is drawn, for tests and for whoever scripts the page. `steps` is there once a whole result is drawn. */
  #expose(): void {
    const { dataset } = this.#plane.host;
    const { strands } = this.#scene;
    dataset["frame"] = this.#view.frame;
    dataset["span"] = this.#view.span;
    dataset["points"] = String(strands?.strands.reduce((sum, { points }) => sum + points.length, 0) ?? 0);
    dataset["outlines"] = String(strands?.outlines.length ?? 0);
    dataset["width"] = this.#viewport?.window.width.toPrecision(4);
    dataset["level"] = String(this.#cast?.track.level(0, this.steps) ?? "");
    if (this.#cast?.summary) dataset["steps"] = String(this.#cast.run.steps);
    else delete dataset["steps"];
  }

  readonly #drawChart = (): void => {
    if (this.#chart.size.width === 0) return;
    this.#chart.clear(this.#chart.below);
    if (!this.#cast) return;
    const { track, summary } = this.#cast;
    const marks = summary ? [summary.verdict.trusted1, summary.verdict.trusted5, summary.verdict.ejected ?? Infinity] : [];
    drawChart(this.#chart.below, this.#chart.size, { track, limits: this.#limits, marks, to: this.steps }, this.#palette);
  };

  readonly #drawMoving = (now: number): void => {
    if (!this.#viewport) return;
    const wasPlaying = this.player.playing;
    this.player.tick(now, this.#reduced.matches ? STRIDE : 0);
    const { time, playing } = this.player;
    const { step, steps } = this;
    const { above } = this.#plane;
    this.#plane.clear(above);
    drawBodies(above, this.#viewport, this.#scene, this.#bodies({ time, step, steps }), this.#palette);
    this.#chart.clear(this.#chart.above);
    if (this.#cast?.summary) drawChartCursor(this.#chart.above, stepPlot(this.#chart.size, steps), step, this.#palette);
    if (this.#cast) this.watchers.time({ playing, step, steps, time });
    this.#plane.host.dataset["time"] = time.toFixed(3);
    if (playing) {
      this.#frames.request(this.#drawMoving);
      this.#wantMoment(step);
    } else if (wasPlaying && this.#cast) {
      this.#rememberStep(steps);
    }
  };

  #bodies(moment: Moment): Bodies {
    if (!this.#cast) return greeting(moment.time, this.#palette);
    const { track, summary } = this.#cast;
    return summary ? bodiesAt(track, summary.verdict, moment, this.#palette) : planetAlone(moment.time);
  }
}
