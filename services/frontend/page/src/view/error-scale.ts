/** The scale of energy errors, of either sign: it shows 1 % and 1,000 %, and lines where trust ends. */
import { percent } from "../model/format";
import { symlog } from "../model/scale";
import type { Palette } from "./palette";
import type { Axis, Plot } from "./plot";

/** Linear up to about the error from which on a result is not right to 1 %. */
const SCALE = symlog(0.01);
const LINES = [0.01, 0.05, -0.01, -0.05];
const LABELLED = [0.05, 0.01, 0.5, 5, 50, 500, 5000, 5e4];
/** Errors that are always on view, and the room around them. */
const LEAST_REACH = 0.08;
const ROOM = 1.15;

export interface ErrorScale {
  readonly y: Axis;
  readonly reach: number;
}

/** A scale that shows errors up to the magnitude `greatest`. */
export function errorScale(plot: Plot, greatest: number): ErrorScale {
  const reach = Math.max(LEAST_REACH, greatest) * ROOM;
  return { y: plot.y(SCALE, -reach, reach), reach };
}

export function drawErrorScale(context: CanvasRenderingContext2D, plot: Plot, { y, reach }: ErrorScale, palette: Palette): void {
  plot.horizontal(context, y(0), palette.axis);
  for (const value of LINES) plot.horizontal(context, y(value), Math.abs(value) < 0.03 ? palette.trusted1 : palette.trusted5, [5, 4]);
  // The 5 % lines first: they are what the verdict is about.
  const values = [0.05, -0.05, 0, ...LABELLED.flatMap((value) => [value, -value])].filter((value) => Math.abs(value) <= reach);
  plot.drawScale(context, palette, y, values, (value) => percent(value, 0));
}
