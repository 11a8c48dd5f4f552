/** The energy error against the step: the band between least and greatest, on a scale that shows 1 % and 1,000 %. */
import { percent } from "../model/format";
import { symlog, tickLabel, ticks } from "../model/scale";
import type { Track } from "../model/track";
import { type Limits, trust } from "../model/verdict";
import type { Size } from "../model/viewport";
import { label } from "./axes";
import { FONT, type Palette } from "./palette";
import { trustColor } from "./picture";

export interface ChartScene {
  readonly track: Track;
  readonly limits: Limits;
  /** Steps to mark: where trust ends, where the satellite gets away. */
  readonly marks: readonly number[];
  /** Steps shown: from 0. */
  readonly to: number;
}

const LEFT = 58;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 24;
/** Linear up to about the error from which on a result is not right to 1 %. */
const SCALE = symlog(0.01);
/** Steps in a row in which the satellite may have skipped its turn without a gap in the band. */
const SKIPPED_STEPS = 8;
const LINES = [0.01, 0.05, -0.01, -0.05];
const LABELLED = [0, 0.01, 0.05, 0.5, 5, 50, 500, 5000, 5e4];

/** Pixel of a step, and back. */
export function stepScale(size: Size, to: number): { x: (step: number) => number; step: (x: number) => number } {
  const width = Math.max(1, size.width - LEFT - RIGHT);
  return {
    x: (step) => LEFT + (step / Math.max(1, to)) * width,
    step: (x) => Math.round(Math.min(1, Math.max(0, (x - LEFT) / width)) * to),
  };
}

export function drawChart(context: CanvasRenderingContext2D, size: Size, { track, limits, marks, to }: ChartScene, palette: Palette): void {
  const { x } = stepScale(size, to);
  const bands = bandsOf(track, limits, to);
  const reach = bands.reduce((most, { least, greatest }) => Math.max(most, Math.abs(least), Math.abs(greatest)), 0.08);
  const limit = SCALE.to(reach * 1.15);
  const [top, bottom] = [TOP, size.height - BOTTOM];
  const y = (value: number) => (top + bottom) / 2 - (SCALE.to(value) / limit) * ((bottom - top) / 2);
  context.font = FONT;
  drawScales(context, size, palette, { x, y, to, reach });
  drawBands(context, bands, palette, { x, y });
  for (const step of marks.filter((mark) => mark < to)) {
    context.strokeStyle = palette.muted;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x(step), top);
    context.lineTo(x(step), bottom);
    context.stroke();
    context.setLineDash([]);
  }
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

type Axis = (value: number) => number;

function drawScales(context: CanvasRenderingContext2D, size: Size, palette: Palette, scales: { x: Axis; y: Axis; to: number; reach: number }): void {
  const { x, y, to, reach } = scales;
  const right = size.width - RIGHT;
  const line = (value: number, color: string, dash: number[]) => {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(LEFT, y(value));
    context.lineTo(right, y(value));
    context.stroke();
    context.setLineDash([]);
  };
  line(0, palette.axis, []);
  for (const value of LINES) line(value, Math.abs(value) < 0.03 ? palette.trusted1 : palette.trusted5, [5, 4]);
  context.textAlign = "right";
  context.textBaseline = "middle";
  const taken: number[] = [];
  const values = [0, ...LABELLED.slice(1).flatMap((value) => [value, -value])].filter((value) => Math.abs(value) <= reach * 1.15);
  // The 5 % lines first: they are what the verdict is about.
  values.sort((a, b) => Number(Math.abs(b) === 0.05) - Number(Math.abs(a) === 0.05));
  for (const value of values) {
    const at = y(value);
    if (taken.some((other) => Math.abs(other - at) < 13)) continue;
    taken.push(at);
    label(context, palette, percent(value, 0), LEFT - 8, at);
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const marks = ticks(0, to, size.width / 110);
  for (const step of marks) {
    const text = tickLabel(step, marks);
    if (x(step) < right - 34) label(context, palette, text, x(step), size.height - 7);
  }
  context.textAlign = "right";
  label(context, palette, "step", right, size.height - 7);
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

/** The cursor of the scrub, over the chart. */
export function drawChartCursor(context: CanvasRenderingContext2D, size: Size, to: number, step: number, palette: Palette): void {
  const at = stepScale(size, to).x(step);
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(at, TOP - 4);
  context.lineTo(at, size.height - BOTTOM + 2);
  context.stroke();
  context.fillStyle = palette.ink;
  context.beginPath();
  context.arc(at, TOP - 4, 3.5, 0, 2 * Math.PI);
  context.fill();
}
