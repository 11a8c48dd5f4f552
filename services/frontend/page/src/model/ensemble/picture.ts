/** An overview as it is looked at: every course in one frame, and what is there at a moment. */
import type { Frame } from "../address";
import type { EnsembleOverview, Levels } from "./overview";
import { type Coordinate, type Courses, coursesOf, type Ejection, ejectionsOf, errorsOf, nearest, type Series } from "./series";
import type { Interval } from "./timeline";

/** An instant, and the mark that is nearest to it. */
export interface Moment {
  readonly time: number;
  readonly step: number;
  /** Runs whose satellite has a place then, of those in the overview. */
  readonly present: number;
  readonly counted: number;
  readonly at: Readonly<Record<Coordinate, Levels>>;
  readonly error: Levels;
  /** Share of the runs that are ejected, 0 … 1. */
  readonly ejected: number;
}

export class Picture {
  readonly courses: Readonly<Record<Coordinate, Courses>>;
  readonly errors: Series;
  readonly ejections: readonly Ejection[];

  constructor(
    readonly overview: EnsembleOverview,
    readonly frame: Frame,
  ) {
    this.courses = { x: coursesOf(overview, "x", frame), y: coursesOf(overview, "y", frame), distance: coursesOf(overview, "distance", frame) };
    this.errors = errorsOf(overview);
    this.ejections = ejectionsOf(overview);
  }

  /** Steps are about equally long: a share of the time that runs take is that share of their steps. */
  readonly stepOf = (time: number): number => Math.min(1, time / (this.overview.reach || 1)) * this.overview.steps;

  timeOf(step: number): number {
    return (step / this.overview.steps) * this.overview.reach;
  }

  /** What is there at the instant nearest to `wish`, if it can be had within `interval`. */
  moment({ from, to }: Interval, wish: number): Moment {
    const { times, counted } = this.overview;
    let row = nearest(times, Math.min(to, Math.max(from, wish)));
    if ((times[row] ?? 0) > to && row > 0) row -= 1;
    else if ((times[row] ?? 0) < from && row < times.length - 1) row += 1;
    const time = times[row] ?? 0;
    const mark = nearest(this.errors.at, this.stepOf(time));
    const at = (coordinate: Coordinate) => this.courses[coordinate].satellite.levels[row] as Levels;
    return {
      time,
      step: this.errors.at[mark] ?? 0,
      present: this.overview.present(row),
      counted,
      at: { x: at("x"), y: at("y"), distance: at("distance") },
      error: this.errors.levels[mark] as Levels,
      ejected: this.ejections[mark]?.share ?? 0,
    };
  }
}
