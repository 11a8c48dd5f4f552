/** Which finer windows are worth fetching. */
import type { Track } from "./track";

/** Rows that an overview may have (docs/formats.md). */
const MOST_ROWS = 511;
/** Ranges start and end at multiples of so many rows, so that neighbouring views ask for the same addresses. */
const GRAIN = 32;

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The range to ask for so that the steps from + 1 … to become as fine as one overview can show them; null if they are. */
export function detailFor(track: Track, { from, to }: StepRange): StepRange | null {
  if (to <= from) return null;
  for (let k = 0; k < track.base.k; k += 1) {
    const grain = GRAIN * 2 ** k;
    const start = Math.max(0, Math.floor(from / grain) * grain);
    const end = Math.min(track.steps, Math.ceil(to / grain) * grain);
    if (Math.ceil((end - start) / 2 ** k) <= MOST_ROWS) {
      return track.level(from, to) > k ? { from: start, to: end } : null;
    }
  }
  return null;
}
