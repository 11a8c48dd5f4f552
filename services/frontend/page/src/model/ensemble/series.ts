/** What one chart shows: levels of a quantity over time or steps, in the frame that is looked at. */
import type { Frame } from "../address";
import { EXACT } from "../kepler";
import { DEFAULT_MOTION } from "../overview";
import { type EnsembleOverview, LEVELS, type Levels, type Quantity } from "./overview";
import type { Interval } from "./timeline";

export interface Series {
  readonly at: readonly number[];
  /** NaN where no run has a value. */
  readonly levels: readonly Levels[];
}

/** What is drawn over time, and its part of each body. */
export type Coordinate = "x" | "y" | "distance";

const QUANTITIES: Readonly<Record<Coordinate, readonly [satellite: Quantity, planet: Quantity | null]>> = {
  x: ["satellite_x", "planet_x"],
  y: ["satellite_y", "planet_y"],
  distance: ["distance", null],
};

/** What a coordinate in the planet's frame is short of in the one looked at, at time t. */
function shift({ vx, y }: EnsembleOverview["motion"], coordinate: Coordinate, frame: Frame, t: number): number {
  if (frame === "planet" || coordinate === "distance") return 0;
  return coordinate === "x" ? vx * t : y;
}

export interface Courses {
  readonly satellite: Series;
  readonly planet: Series | null;
  /** The exact orbit at a time. */
  exact(t: number): number;
}

/** The exact orbit alone: nothing is known of any run yet. */
export function exactCourse(coordinate: Coordinate, frame: Frame, motion: EnsembleOverview["motion"] = DEFAULT_MOTION): Courses {
  return {
    satellite: { at: [], levels: [] },
    planet: null,
    exact: (t) => {
      const { x, y } = EXACT.at(t);
      return { x, y, distance: Math.hypot(x, y) }[coordinate] + shift(motion, coordinate, frame, t);
    },
  };
}

export function coursesOf(overview: EnsembleOverview, coordinate: Coordinate, frame: Frame): Courses {
  const { motion } = overview;
  const series = (quantity: Quantity): Series => ({
    at: overview.times,
    levels: overview.times.map((t, row) => {
      const by = shift(motion, coordinate, frame, t);
      const levels = overview.band(quantity, row);
      return by === 0 ? levels : map(levels, (value) => value + by);
    }),
  });
  const [satellite, planet] = QUANTITIES[coordinate];
  return { ...exactCourse(coordinate, frame, motion), satellite: series(satellite), planet: planet && series(planet) };
}

/** The energy error over steps. Before the first step every run is exact. */
export function errorsOf(overview: EnsembleOverview): Series {
  const exact = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Levels;
  return { at: [0, ...overview.marks], levels: [exact, ...overview.marks.map((_, row) => overview.energyError(row))] };
}

/** The share of the runs that are ejected by a step, 0 … 1. */
export interface Ejection {
  readonly step: number;
  readonly share: number;
}

export function ejectionsOf(overview: EnsembleOverview): Ejection[] {
  return [{ step: 0, share: 0 }, ...overview.marks.map((step, row) => ({ step, share: overview.ejected(row) }))];
}

/** The rows within an interval, and one more on each side, so that lines go on to the edges. */
export function within({ at, levels }: Series, { from, to }: Interval): Series {
  const first = Math.max(0, at.findIndex((value) => value >= from) - 1);
  const beyond = at.findIndex((value) => value > to);
  const last = beyond === -1 ? at.length : beyond + 1;
  return { at: at.slice(first, last), levels: levels.slice(first, last) };
}

/** The index of the row nearest to a value. */
export function nearest(at: readonly number[], value: number): number {
  let best = 0;
  at.forEach((candidate, i) => {
    if (Math.abs(candidate - value) < Math.abs((at[best] ?? Infinity) - value)) best = i;
  });
  return best;
}

const map = (levels: Levels, change: (value: number) => number): Levels =>
  Object.fromEntries(LEVELS.map((level) => [level, change(levels[level])])) as Levels;
