/** What all runs come to over their steps: the energy error, and how many of them are ejected. */
import { type Ejection, type Series, within } from "../model/ensemble/series";
import type { Interval } from "../model/ensemble/timeline";
import { count, percent } from "../model/format";
import { drawBands } from "./bands";
import { drawErrorScale, errorScale } from "./error-scale";
import { label } from "./axes";
import type { Palette } from "./palette";
import type { Axis, Plot } from "./plot";

export function drawErrorChart(context: CanvasRenderingContext2D, plot: Plot, errors: Series, palette: Palette): void {
  const shown = within(errors, { from: plot.from, to: plot.to });
  const greatest = shown.levels.reduce((most, { min, max }) => Math.max(most, Math.abs(min), Math.abs(max)), 0);
  const scale = errorScale(plot, greatest);
  plot.drawGrid(context, palette);
  drawErrorScale(context, plot, scale, palette);
  plot.drawAxis(context, palette, "step", true);
  plot.clipped(context, () => {
    drawBands(context, shown, palette.trusted5, { x: plot.x, y: scale.y });
  });
}

/** Heights that the share's scale may have: a share of 0.1 % has to be seen, and 60 % too. */
const HEIGHTS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

export interface EjectionScene {
  readonly curve: readonly Ejection[];
  /** The step by which half of the runs are ejected, or null. */
  readonly median: number | null;
  /** The steps that the other charts show. */
  readonly shown: Interval;
}

export function drawEjectionChart(context: CanvasRenderingContext2D, plot: Plot, { curve, median, shown }: EjectionScene, palette: Palette): void {
  const most = Math.max(...curve.map(({ share }) => share));
  const height = HEIGHTS.find((candidate) => candidate >= most * 1.1) ?? 1;
  const y = plot.y({ to: (value) => value }, 0, height);
  drawShown(context, plot, shown, palette);
  const marks = [0, height / 2, height];
  for (const mark of marks) plot.horizontal(context, y(mark), mark === 0 ? palette.axis : palette.grid);
  plot.drawAxis(context, palette, "step", true);
  plot.drawScale(context, palette, y, marks, (value) => percent(value, height < 0.02 ? 2 : height < 0.1 ? 1 : 0));
  plot.clipped(context, () => {
    trace(context, plot, curve, y);
    context.strokeStyle = palette.beyond;
    context.lineWidth = 1.8;
    context.stroke();
    context.lineTo(plot.right, y(0));
    context.lineTo(plot.left, y(0));
    context.globalAlpha = 0.14;
    context.fillStyle = palette.beyond;
    context.fill();
    context.globalAlpha = 1;
  });
  if (median !== null) drawMedian(context, plot, median, palette);
}

/** The part of the run that the other charts show, where it is a part. */
function drawShown(context: CanvasRenderingContext2D, plot: Plot, { from, to }: Interval, palette: Palette): void {
  if (to - from >= plot.to - plot.from) return;
  const width = Math.max(3, plot.x(to) - plot.x(from));
  context.globalAlpha = 0.13;
  context.fillStyle = palette.accent;
  context.fillRect(plot.x(from), plot.top, width, plot.bottom - plot.top);
  context.globalAlpha = 1;
}

/** Between two marks the share is not known; the line goes straight. */
function trace(context: CanvasRenderingContext2D, plot: Plot, curve: EjectionScene["curve"], y: Axis): void {
  context.lineJoin = "round";
  context.beginPath();
  for (const { step, share } of curve) context.lineTo(plot.x(step), y(share));
}

function drawMedian(context: CanvasRenderingContext2D, plot: Plot, median: number, palette: Palette): void {
  plot.vertical(context, median, palette.muted, [3, 3]);
  const left = plot.x(median) > plot.left + plot.width / 2;
  context.textAlign = left ? "right" : "left";
  context.textBaseline = "top";
  label(context, palette, `half by step ${count(median)}`, plot.x(median) + (left ? -6 : 6), plot.top + 2);
}
