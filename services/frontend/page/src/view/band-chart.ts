/** A coordinate of the satellite over time, for all runs, with the planet's and that of the exact orbit. */
import type { Levels } from "../model/ensemble/overview";
import { bandScale } from "../model/ensemble/scale";
import { type Courses, within } from "../model/ensemble/series";
import { EXACT } from "../model/kepler";
import { drawBands } from "./bands";
import type { Palette } from "./palette";
import type { Axis, Plot } from "./plot";

/** A revolution of the exact orbit narrower than this, in pixels, is a smear. */
const NARROWEST_REVOLUTION = 26;
/** Pixels of height that a tick wants, and as many ticks as are calm. */
const PIXELS_A_TICK = 14;
const MOST_TICKS = 6;

/** @param floor the least value of a quantity that has one */
export function drawBandChart(context: CanvasRenderingContext2D, plot: Plot, courses: Courses, floor: number | null, palette: Palette): void {
  const interval = { from: plot.from, to: plot.to };
  const satellite = within(courses.satellite, interval);
  const planet = courses.planet && within(courses.planet, interval);
  const rows = [...satellite.levels, ...(planet?.levels ?? [])].filter(({ p50 }) => !Number.isNaN(p50));
  const room = Math.min(MOST_TICKS, (plot.bottom - plot.top) / PIXELS_A_TICK);
  const chosen = bandScale(rows.length ? rows : exactRows(plot, courses), floor, room);
  const { x } = plot;
  const y = plot.y(chosen.scale, ...chosen.range);
  plot.drawGrid(context, palette);
  for (const tick of chosen.ticks) plot.horizontal(context, y(tick), tick === 0 ? palette.axis : palette.grid);
  plot.drawAxis(context, palette, "t [time units]");
  plot.drawScale(context, palette, y, chosen.ticks, chosen.label);
  plot.clipped(context, () => {
    if (planet) drawBands(context, planet, palette.planet, { x, y });
    drawBands(context, satellite, palette.trusted5, { x, y });
    drawExact(context, plot, courses, y, palette);
  });
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
