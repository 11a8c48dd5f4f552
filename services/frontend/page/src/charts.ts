/**
 * Everything that is drawn of an ensemble: one place that knows the overview, the part of it on view and the moment under
 * the cursor, and asks for a frame when one of them changes.
 */
import { FIRST_LOOK, type Look } from "./model/ensemble/look";
import type { EnsembleOverview } from "./model/ensemble/overview";
import { type Moment, Picture } from "./model/ensemble/picture";
import { type Coordinate, exactCourse } from "./model/ensemble/series";
import { FIRST_ORBITS, firstOrbits, type Interval, Timeline } from "./model/ensemble/timeline";
import { element } from "./ui/elements";
import { drawBandChart } from "./view/band-chart";
import { drawChartCursor, stepPlot } from "./view/chart";
import { Frames } from "./view/frames";
import { attachGestures, ZOOM_STEP } from "./view/gestures";
import { onSchemeChange, readPalette } from "./view/palette";
import { axisOf, Plot } from "./view/plot";
import { attachScrub } from "./view/scrub";
import { drawEjectionChart, drawErrorChart } from "./view/step-charts";
import { Surface } from "./view/surface";

const COORDINATES = ["x", "y", "distance"] as const satisfies Coordinate[];

export interface Watchers {
  /** The look was changed by a person. */
  look(look: Look): void;
  /** The cursor moved, or what lies under it changed. */
  moment(moment: Moment, overview: EnsembleOverview, interval: Interval): void;
}

export class Charts {
  readonly #host = element("bands");
  readonly #coordinates: Readonly<Record<Coordinate, Surface>>;
  readonly #errors: Surface;
  readonly #ejections: Surface;
  readonly #surfaces: readonly Surface[];
  readonly #frames = new Frames();
  #palette = readPalette();
  #picture: Picture | null = null;
  /** The step by which half of the runs are ejected, or null. */
  #median: number | null = null;
  #look: Look = FIRST_LOOK;
  /** The time that a person points at; null: the end of what is on view. */
  #cursor: number | null = null;

  constructor(readonly watchers: Watchers) {
    const surface = (id: string) => new Surface(element(id), this.#redraw);
    this.#coordinates = { x: surface("band-x"), y: surface("band-y"), distance: surface("band-distance") };
    this.#errors = surface("band-error");
    this.#ejections = surface("ejections");
    this.#surfaces = [...Object.values(this.#coordinates), this.#errors, this.#ejections];
    attachGestures<Timeline>(this.#host, {
      upright: false,
      change: (change) => {
        this.#change(change);
      },
      fit: () => {
        this.show("all");
      },
    });
    this.#host.addEventListener("pointermove", (event) => {
      this.#point(event);
    });
    this.#host.addEventListener("pointerdown", (event) => {
      this.#point(event);
    });
    attachScrub(this.#ejections, {
      steps: () => this.#picture?.overview.steps ?? 0,
      seek: (step) => {
        if (this.#picture) this.seek(this.#picture.timeOf(step));
      },
    });
    onSchemeChange(() => {
      this.#palette = readPalette();
      this.#redraw();
    });
  }

  get picture(): Picture | null {
    return this.#picture;
  }

  get look(): Look {
    return this.#look;
  }

  /** The times on view. */
  get interval(): Interval {
    return this.#timeline().interval;
  }

  clear(): void {
    this.#picture = null;
    this.#cursor = null;
    for (const name of ["runs", "steps", "pictures"]) this.#host.removeAttribute(`data-${name}`);
    this.#redraw();
  }

  /** The first picture of an ensemble, or one with more runs. `median`: the step by which half of the runs are ejected. */
  draw(overview: EnsembleOverview, median: number | null): void {
    this.#picture = new Picture(overview, this.#look.frame);
    this.#median = median;
    this.#host.dataset["pictures"] = String(Number(this.#host.dataset["pictures"] ?? 0) + 1);
    this.#redraw();
  }

  /** From the controls or the history. */
  lookAt(look: Look): void {
    this.#look = look;
    if (this.#picture && look.frame !== this.#picture.frame) this.#picture = new Picture(this.#picture.overview, look.frame);
    this.#redraw();
  }

  /** A part of the times, as a person wants it. */
  show(span: Look["span"]): void {
    this.lookAt({ ...this.#look, span });
    this.watchers.look(this.#look);
  }

  zoom(inwards: boolean): void {
    this.#change((timeline) => timeline.zoom(inwards ? ZOOM_STEP : 1 / ZOOM_STEP));
  }

  /** Takes the cursor to the instant nearest to `time`, and what is on view to the cursor. */
  seek(time: number): void {
    this.#cursor = time;
    const { interval } = this.#timeline();
    const revealed = this.#timeline().reveal(time).interval;
    if (revealed.from !== interval.from) this.show(revealed);
    else this.#frames.request(this.#drawCursor);
  }

  #point(event: PointerEvent): void {
    if (!this.#picture) return;
    this.#cursor = this.#timePlot("x").at(event.clientX - this.#host.getBoundingClientRect().left);
    this.#frames.request(this.#drawCursor);
  }

  #change(change: (timeline: Timeline) => Timeline): void {
    if (!this.#picture) return;
    const { from, to } = this.interval;
    const { interval } = change(this.#timeline());
    // At an edge nothing moves, and nobody has chosen anything.
    if (interval.from !== from || interval.to !== to) this.show(interval);
  }

  #timeline(): Timeline {
    const end = this.#picture?.overview.reach ?? FIRST_ORBITS;
    const { span } = this.#look;
    const { left, width } = axisOf(this.#coordinates.x.size.width);
    return new Timeline(span === "all" ? { from: 0, to: end } : span === "first" ? firstOrbits(end) : span, end, left, width);
  }

  /** The charts of time stand over each other; the last one's axis is that of all. */
  #timePlot(name: Coordinate): Plot {
    const { from, to } = this.interval;
    return new Plot(this.#coordinates[name].size, from, to, name === COORDINATES[COORDINATES.length - 1]);
  }

  /** The charts of steps show the steps that were made in the times on view. */
  #stepsOn({ stepOf }: Picture): Interval {
    const { from, to } = this.interval;
    return { from: stepOf(from), to: stepOf(to) };
  }

  #errorPlot(picture: Picture): Plot {
    const { from, to } = this.#stepsOn(picture);
    return new Plot(this.#errors.size, from, to);
  }

  readonly #redraw = (): void => {
    this.#frames.request(this.#drawCharts);
    this.#frames.request(this.#drawCursor);
  };

  readonly #drawCharts = (): void => {
    for (const surface of this.#surfaces) surface.clear(surface.below);
    const picture = this.#picture;
    if (this.#errors.size.width === 0) return;
    for (const name of COORDINATES) {
      const courses = picture?.courses[name] ?? exactCourse(name, this.#look.frame);
      drawBandChart(this.#coordinates[name].below, this.#timePlot(name), courses, name === "distance" ? 0 : null, this.#palette);
    }
    if (!picture) return;
    drawErrorChart(this.#errors.below, this.#errorPlot(picture), picture.errors, this.#palette);
    const scene = { curve: picture.ejections, median: this.#median, shown: this.#stepsOn(picture) };
    drawEjectionChart(this.#ejections.below, stepPlot(this.#ejections.size, picture.overview.steps), scene, this.#palette);
    this.#expose(picture.overview);
  };

  /** What is drawn, for tests and for whoever scripts the page. `steps` is there once a whole result is drawn. */
  #expose(overview: EnsembleOverview): void {
    const { dataset } = this.#host;
    const { from, to } = this.interval;
    dataset["frame"] = this.#look.frame;
    dataset["from"] = String(from);
    dataset["to"] = String(to);
    dataset["runs"] = String(overview.counted);
    if (overview.counted < overview.runs) return;
    dataset["steps"] = String(overview.steps);
    if (performance.getEntriesByName("porta:drawn").length === 0) performance.mark("porta:drawn");
  }

  readonly #drawCursor = (): void => {
    for (const surface of this.#surfaces) surface.clear(surface.above);
    const picture = this.#picture;
    if (!picture || this.#errors.size.width === 0) return;
    const { interval } = this;
    const moment = picture.moment(interval, this.#cursor ?? interval.to);
    for (const name of COORDINATES) drawChartCursor(this.#coordinates[name].above, this.#timePlot(name), moment.time, this.#palette);
    drawChartCursor(this.#errors.above, this.#errorPlot(picture), moment.step, this.#palette);
    drawChartCursor(this.#ejections.above, stepPlot(this.#ejections.size, picture.overview.steps), moment.step, this.#palette);
    this.#host.dataset["time"] = moment.time.toFixed(3);
    this.watchers.moment(moment, picture.overview, interval);
  };
}
