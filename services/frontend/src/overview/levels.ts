import type { StepRange } from "../kinds/propagation";

/** With a header of 80 bytes and 128 a row this stays below 64 KiB. */
const MOST_ROWS = 511;

/** Levels of which every segment stores its rows; below, they come from its records, above, from rows of the greatest. */
export const STORED_LEVELS = { least: 5, greatest: 14 } as const;

/** Windows of 2^level steps of a run: `from` and `to` are multiples of it, or the run's end. */
export interface Windows {
  readonly level: number;
  /** Index of the first window in the run, and their number. */
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** The finest windows that show a range with at most 511 rows. The range is widened to whole windows. */
export function windowsOf({ from, to }: Pick<StepRange, "from" | "to">, steps: number): Windows {
  let level = 0;
  while (countOf(from, to, level) > MOST_ROWS) level += 1;
  const size = 2 ** level;
  const first = Math.floor(from / size);
  const count = countOf(from, to, level);
  return { level, first, count, from: first * size, to: Math.min(steps, (first + count) * size) };
}

function countOf(from: number, to: number, level: number): number {
  const size = 2 ** level;
  return Math.ceil(to / size) - Math.floor(from / size);
}
