/** A coordinate of the satellite over time, for all runs, with the planet's and that of the exact orbit. */
import type { Levels } from "../model/ensemble/overview";
import { type Courses, within } from "../model/ensemble/series";
import { EXACT } from "../model/kepler";
import { quantity } from "../model/format";
import { symlog, tickLabel, ticks } from "../model/scale";
import { drawBands } from "./bands";
import type { Palette } from "./palette";
import type { Axis, Plot } from "./plot";

/** Bands wider than this, in length units, are no orbits any more: then a scale shows both 1 and 10,000. */
const WIDEST_LINEAR = 16;
const WIDE = symlog(1);
const LINEAR = { to: (value: number) => value };
/** How many times as wide as nine runs in ten the picture may become for the extremes; beyond, they leave it. */
const ROOM_FOR_EXTREMES = 2.5;
/** A revolution of the exact orbit narrower than this, in pixels, is a smear. */
const NARROWEST_REVOLUTION = 26;
/** Pixels of height that a tick wants. */
const PIXELS_A_TICK = 14;
/** What is alike in all runs is drawn as a line in so much of length units. */
const LEAST_SPAN = 0.02;
const POWERS = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7];

export interface BandScale {
  readonly y: Axis;
  /** Values worth a label. */
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
}

/** @param floor the least value of a quantity that has one */
export function bandScale(plot: Plot, rows: readonly Levels[], floor: number | null): BandScale {
  const range = (low: keyof Levels, high: keyof Levels): [number, number] => [
    Math.min(...rows.map((row) => row[low])),
    Math.max(...rows.map((row) => row[high])),
  ];
  const [core, full] = [range("p5", "p95"), range("min", "max")];
  const span = Math.max(core[1] - core[0], LEAST_SPAN);
  const wide = Math.max(...rows.map(({ p5, p95 }) => p95 - p5)) > WIDEST_LINEAR;
  const limit = wide ? Infinity : (ROOM_FOR_EXTREMES - 1) / 2;
  const middle = (core[0] + core[1]) / 2;
  const low = Math.min(middle - span / 2, Math.max(full[0], core[0] - limit * span));
  const high = Math.max(middle + span / 2, Math.min(full[1], core[1] + limit * span));
  if (wide) {
    const y = plot.y(WIDE, floor ?? low * 1.3, high * 1.3);
    const powers = POWERS.filter((power) => power <= Math.max(high, -low) * 1.3).reverse();
    return { y, ticks: [0, ...powers.flatMap((power) => (floor === null ? [power, -power] : [power]))].filter((value) => value <= high * 1.3 && value >= low * 1.3), label: quantity };
  }
  const room = 0.08 * Math.max(high - low, span);
  const [bottom, top] = [floor === null ? low - room : Math.max(floor, low - room), high + room];
  const marks = ticks(bottom, top, (plot.bottom - plot.top) / PIXELS_A_TICK);
  return { y: plot.y(LINEAR, bottom, top), ticks: marks, label: (value) => tickLabel(value, marks) };
}

/** @returns the scale it chose */
export function drawBandChart(context: CanvasRenderingContext2D, plot: Plot, courses: Courses, floor: number | null, palette: Palette): BandScale {
  const interval = { from: plot.from, to: plot.to };
  const satellite = within(courses.satellite, interval);
  const planet = courses.planet && within(courses.planet, interval);
  const rows = [...satellite.levels, ...(planet?.levels ?? [])].filter(({ p50 }) => !Number.isNaN(p50));
  const scale = bandScale(plot, rows.length ? rows : exactRows(plot, courses), floor);
  const { x } = plot;
  const { y } = scale;
  for (const tick of scale.ticks) plot.horizontal(context, y(tick), tick === 0 ? palette.axis : palette.grid);
  plot.drawAxis(context, palette, "t [time units]");
  plot.drawScale(context, palette, y, scale.ticks, scale.label);
  plot.clipped(context, () => {
    if (planet) drawBands(context, planet, palette.planet, { x, y });
    drawBands(context, satellite, palette.trusted5, { x, y });
    drawExact(context, plot, courses, y, palette);
  });
  return scale;
}

/** Before anything is known, the picture has room for the exact orbit. */
const exactRows = ({ from, to }: Plot, { exact }: Courses): Levels[] =>
  Array.from({ length: 65 }, (_, i) => {
    const value = exact(from + ((to - from) * i) / 64);
    return { min: value, p5: value, p25: value, p50: value, p75: value, p95: value, max: value };
  });

function drawExact(context: CanvasRenderingContext2D, plot: Plot, { exact }: Courses, y: Axis, palette: Palette): void {
  const span = plot.to - plot.from;
  if ((EXACT.period / span) * plot.width < NARROWEST_REVOLUTION) return;
  context.setLineDash([6, 5]);
  context.lineWidth = 1.3;
  context.strokeStyle = palette.exact;
  context.beginPath();
  const samples = Math.ceil(plot.width / 2);
  for (let i = 0; i <= samples; i += 1) {
    const t = plot.from + (span * i) / samples;
    context.lineTo(plot.x(t), y(exact(t)));
  }
  context.stroke();
  context.setLineDash([]);
}
