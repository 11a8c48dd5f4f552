/** Draws a distribution over the runs as it goes along: bands of half and nine in ten of them, their median, the extremes. */
import type { Levels } from "../model/ensemble/overview";
import type { Series } from "../model/ensemble/series";
import type { Axis } from "./plot";

type Level = keyof Levels;

/** From the outside to the inside, and how much of the colour shows. */
const FILLED: readonly (readonly [Level, Level, number])[] = [
  ["p5", "p95", 0.16],
  ["p25", "p75", 0.3],
];

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

export function drawBands(context: CanvasRenderingContext2D, series: Series, color: string, axes: Axes): void {
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const part of parts(series)) {
    context.fillStyle = color;
    for (const [low, high, alpha] of FILLED) {
      context.globalAlpha = alpha;
      context.beginPath();
      follow(context, part, high, axes);
      follow(context, reversed(part), low, axes);
      context.closePath();
      context.fill();
    }
    context.strokeStyle = color;
    context.globalAlpha = 0.45;
    context.lineWidth = 1;
    for (const level of ["min", "max"] as const) line(context, part, level, axes);
    context.globalAlpha = 1;
    context.lineWidth = 1.8;
    line(context, part, "p50", axes);
  }
  context.globalAlpha = 1;
}

function line(context: CanvasRenderingContext2D, part: Series, level: Level, axes: Axes): void {
  context.beginPath();
  follow(context, part, level, axes);
  context.stroke();
}

function follow(context: CanvasRenderingContext2D, { at, levels }: Series, level: Level, { x, y }: Axes): void {
  levels.forEach((row, i) => {
    context.lineTo(x(at[i] ?? 0), y(row[level]));
  });
}

/** A series in parts without gaps: where no run has a value, nothing is drawn. */
function parts({ at, levels }: Series): Series[] {
  const found: { at: number[]; levels: Levels[] }[] = [];
  let open: (typeof found)[number] | null = null;
  levels.forEach((row, i) => {
    if (Number.isNaN(row.p50)) {
      open = null;
      return;
    }
    if (!open) found.push((open = { at: [], levels: [] }));
    open.at.push(at[i] ?? 0);
    open.levels.push(row);
  });
  return found;
}

const reversed = ({ at, levels }: Series): Series => ({ at: at.toReversed(), levels: levels.toReversed() });
