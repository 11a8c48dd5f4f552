/** Which values the vertical scale of a coordinate's bands shows, and how. */
import { quantity } from "../format";
import { symlog, tickLabel, ticks } from "../scale";
import type { Levels } from "./overview";

export interface BandScale {
  /** The values at the bottom and at the top. */
  readonly range: readonly [number, number];
  /** What makes heights of values. */
  readonly scale: { readonly to: (value: number) => number };
  /** Values worth a label, and their text. */
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
}

/** Bands wider than this, in length units, are no orbits any more: then a scale shows both 1 and 10,000. */
const WIDEST_LINEAR = 16;
const WIDE = symlog(1);
const LINEAR = { to: (value: number) => value };
/** How many times as wide as nine runs in ten the picture may become for the extremes; beyond, they leave it. */
const ROOM_FOR_EXTREMES = 2.5;
/** What is alike in all runs is drawn as a line in so much of length units. */
const LEAST_SPAN = 0.02;
const POWERS = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7];

/**
 * @param rows the levels on view, at least one row; none of them NaN
 * @param floor the least value of a quantity that has one
 * @param count ticks that there is room for
 */
export function bandScale(rows: readonly Levels[], floor: number | null, count: number): BandScale {
  const range = (low: keyof Levels, high: keyof Levels): [number, number] => [
    Math.min(...rows.map((row) => row[low])),
    Math.max(...rows.map((row) => row[high])),
  ];
  const [core, full] = [range("p5", "p95"), range("min", "max")];
  if (Math.max(...rows.map(({ p5, p95 }) => p95 - p5)) > WIDEST_LINEAR) return wide(full, floor);
  const span = Math.max(core[1] - core[0], LEAST_SPAN);
  const reach = ((ROOM_FOR_EXTREMES - 1) / 2) * span;
  const middle = (core[0] + core[1]) / 2;
  const low = Math.min(middle - span / 2, Math.max(full[0], core[0] - reach));
  const high = Math.max(middle + span / 2, Math.min(full[1], core[1] + reach));
  const room = 0.08 * (high - low);
  const [bottom, top] = [floor === null ? low - room : Math.max(floor, low - room), high + room];
  const marks = ticks(bottom, top, count);
  return { range: [bottom, top], scale: LINEAR, ticks: marks, label: (value) => tickLabel(value, marks) };
}

function wide([least, greatest]: [number, number], floor: number | null): BandScale {
  const [bottom, top] = [floor ?? least * 1.3, greatest * 1.3];
  const powers = POWERS.filter((power) => power <= Math.max(top, -bottom)).reverse();
  const values = [0, ...powers.flatMap((power) => [power, -power])].filter((value) => value <= top && value >= bottom);
  return { range: [bottom, top], scale: WIDE, ticks: values, label: quantity };
}
