/** The energy error against the step: the band between least and greatest, on a scale that shows 1 % and 1,000 %. */
import type { Track } from "../model/track";
import { type Limits, trust } from "../model/verdict";
import type { Size } from "../model/viewport";
import { drawErrorScale, errorScale } from "./error-scale";
import type { Palette } from "./palette";
import { trustColor } from "./picture";
import { type Axis, Plot } from "./plot";

export interface ChartScene {
  readonly track: Track;
  readonly limits: Limits;
  /** Steps to mark: where trust ends, where the satellite gets away. */
  readonly marks: readonly number[];
  /** Steps shown: from 0. */
  readonly to: number;
}

/** Steps in a row in which the satellite may have skipped its turn without a gap in the band. */
const SKIPPED_STEPS = 8;

/** The plot of a chart over the steps 0 … to. */
export const stepPlot = (size: Size, to: number): Plot => new Plot(size, 0, Math.max(1, to));

export function drawChart(context: CanvasRenderingContext2D, size: Size, { track, limits, marks, to }: ChartScene, palette: Palette): void {
  const plot = stepPlot(size, to);
  const bands = bandsOf(track, limits, to);
  const scale = errorScale(plot, bands.reduce((most, { least, greatest }) => Math.max(most, Math.abs(least), Math.abs(greatest)), 0));
  drawErrorScale(context, plot, scale, palette);
  plot.drawAxis(context, palette, "step", true);
  drawBands(context, bands, palette, { x: plot.x, y: scale.y });
  for (const step of marks.filter((mark) => mark < to)) plot.vertical(context, step, palette.muted, [3, 3]);
}

interface Band {
  readonly from: number;
  readonly to: number;
  readonly least: number;
  readonly greatest: number;
  readonly trust: 0 | 1 | 2;
}

function bandsOf(track: Track, limits: Limits, to: number): Band[] {
  const bands: Band[] = [];
  for (const { windows, first, last } of track.pieces(0, to)) {
    for (let row = first; row < last; row += 1) {
      if (!windows.known(row)) continue;
      const [least, greatest] = windows.energyError(row);
      if (Number.isNaN(least)) continue;
      bands.push({ from: windows.firstStep(row), to: windows.lastStep(row), least, greatest, trust: trust(limits, windows.lastStep(row)) });
    }
  }
  return bands;
}

/** Bands of one trust are filled at once, joined to the band before, so that a change of colour leaves no gap. */
function drawBands(context: CanvasRenderingContext2D, bands: readonly Band[], palette: Palette, { x, y }: { x: Axis; y: Axis }): void {
  context.lineJoin = "round";
  context.lineWidth = 1.5;
  const runs: Band[][] = [];
  for (const band of bands) {
    const run = runs[runs.length - 1];
    const before = run?.[run.length - 1];
    const touching = before !== undefined && band.from - before.to <= SKIPPED_STEPS;
    if (run && touching && before.trust === band.trust) run.push(band);
    else runs.push(touching ? [before, band] : [band]);
  }
  for (const run of runs) {
    const middle = ({ from, to }: Band) => x((from + to) / 2);
    const color = trustColor(palette, run[run.length - 1]?.trust ?? 1);
    context.strokeStyle = color;
    context.fillStyle = color;
    context.beginPath();
    for (const band of run) context.lineTo(middle(band), y(band.greatest));
    for (const band of run.toReversed()) context.lineTo(middle(band), y(band.least));
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/** The cursor of a chart. */
export function drawChartCursor(context: CanvasRenderingContext2D, plot: Plot, value: number, palette: Palette): void {
  const at = plot.x(value);
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(at, plot.top - 4);
  context.lineTo(at, plot.bottom + 2);
  context.stroke();
  context.fillStyle = palette.ink;
  context.beginPath();
  context.arc(at, plot.top - 4, 3.5, 0, 2 * Math.PI);
  context.fill();
}
