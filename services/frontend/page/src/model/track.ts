/**
 * What is known of one run's path: the overview of the whole, and finer windows of parts as they were fetched. The
 * finest known always wins.
 */
import type { Motion, Point, Windows } from "./overview";

/** Rows first … last − 1 of some windows, to be drawn in order. */
export interface Piece {
  readonly windows: Windows;
  readonly first: number;
  readonly last: number;
}

/** As many details as memory is worth: each takes at most 64 KiB. */
const DETAILS = 48;

export class Track {
  #details: Windows[] = [];
  #byFineness: readonly Windows[] = [];
  readonly #points = new WeakMap<Windows, (readonly Point[])[]>();

  constructor(readonly base: Windows) {}

  get steps(): number {
    return this.base.to;
  }

  get motion(): Motion {
    return this.base.motion;
  }

  /** Keeps finer windows; the oldest of many are dropped. */
  add(detail: Windows): void {
    const others = this.#details.filter((known) => !(known.k >= detail.k && known.from >= detail.from && known.to <= detail.to));
    this.#details = [...others, detail].slice(-DETAILS);
    this.#byFineness = [...this.#details].sort((a, b) => a.k - b.k);
  }

  /** The points of a row, by time. Cached, since rows do not change once they are known. */
  points(windows: Windows, row: number): readonly Point[] {
    if (!windows.known(row)) return [];
    let cache = this.#points.get(windows);
    if (!cache) this.#points.set(windows, (cache = []));
    return (cache[row] ??= windows.points(row));
  }

  /** The level at which every step in from … to is known. */
  level(from: number, to: number): number {
    return Math.max(...this.pieces(from, to).map(({ windows }) => windows.k), 0);
  }

  /** The finest cover of the steps from + 1 … to, in order and without overlap but for a coarse row cut by a finer one. */
  pieces(from: number, to: number): Piece[] {
    const cover = (start: number, end: number, index: number): Piece[] => {
      if (start >= end) return [];
      const windows = this.#byFineness[index] ?? this.base;
      const low = Math.max(start, windows.from);
      const high = Math.min(end, windows.to);
      if (windows !== this.base && low >= high) return cover(start, end, index + 1);
      const size = 2 ** windows.k;
      const first = Math.max(0, Math.floor((low - windows.from) / size));
      const last = Math.min(windows.count, Math.ceil((high - windows.from) / size));
      const piece = first < last ? [{ windows, first, last }] : [];
      if (windows === this.base) return piece;
      return [...cover(start, windows.firstStep(first), index + 1), ...piece, ...cover(windows.lastStep(last - 1), end, index + 1)];
    };
    return cover(from, to, 0);
  }

  /** The time at which `step` steps are completed; between two known rows, as if steps were equally long. */
  timeAt(step: number): number {
    if (step <= 0) return 0;
    const [piece] = this.pieces(Math.max(0, Math.ceil(step) - 1), Math.ceil(step));
    if (!piece) return 0;
    const { windows } = piece;
    const row = Math.min(windows.count - 1, piece.first);
    const start = this.#startTime(windows, row);
    const share = (step - windows.firstStep(row)) / (windows.lastStep(row) - windows.firstStep(row));
    return start + (windows.endTime(row) - start) * Math.min(1, Math.max(0, share));
  }

  /** The step under way at a time: the inverse of timeAt, up to `to`. */
  stepAt(time: number, to = this.steps): number {
    // The row of the overview first, then the step in it: a frame of an animation asks several times.
    const row = least(0, Math.min(this.base.count, Math.ceil(to / 2 ** this.base.k)) - 1, (candidate) => this.base.endTime(candidate) >= time);
    return least(this.base.firstStep(row), Math.min(to, this.base.lastStep(row)), (step) => this.timeAt(step) >= time);
  }

  /** Where the satellite is at a time, between the known points on a straight line; null where nothing is known. */
  at(time: number): Point | null {
    const step = this.stepAt(time);
    const near = this.pieces(Math.max(0, step - 2), Math.min(this.steps, step + 2)).flatMap(({ windows, first, last }) =>
      Array.from({ length: last - first + 2 }, (_, i) => first - 1 + i).flatMap((row) =>
        row < 0 ? [this.motion.start] : row < windows.count ? this.points(windows, row) : [],
      ),
    );
    if (near.length === 0) return null;
    near.sort((a, b) => a.t - b.t);
    const after = near.findIndex(({ t }) => t >= time);
    const next = near[after === -1 ? near.length - 1 : after];
    const previous = near[(after === -1 ? near.length : after) - 1] ?? (next === near[0] ? this.motion.start : next);
    if (!next || !previous || next.t <= previous.t) return next ?? null;
    const share = Math.min(1, Math.max(0, (time - previous.t) / (next.t - previous.t)));
    return { t: time, x: previous.x + (next.x - previous.x) * share, y: previous.y + (next.y - previous.y) * share };
  }

  /** The last record of the satellite at or before `step` that is known, with its place; not an estimate between two. */
  recordNear(step: number): { readonly step: number; readonly point: Point } | null {
    const [piece] = this.pieces(Math.max(0, step - 1), step);
    if (!piece) return null;
    const { windows } = piece;
    // In some steps the satellite skips its turn.
    for (let row = piece.first; row >= 0; row -= 1) {
      const points = this.points(windows, row);
      const whole = step >= windows.lastStep(row);
      const point = whole ? points[points.length - 1] : points[0];
      if (point) return { step: whole ? windows.lastStep(row) : windows.firstStep(row) + 1, point };
    }
    return null;
  }

  /** Least and greatest energy error of the window that holds `step`. */
  energyErrorAt(step: number): readonly [number, number] | null {
    const [piece] = this.pieces(Math.max(0, Math.ceil(step) - 1), Math.max(1, Math.ceil(step)));
    if (!piece?.windows.known(piece.first)) return null;
    for (let row = piece.first; row >= 0; row -= 1) {
      const range = piece.windows.energyError(row);
      if (!Number.isNaN(range[0])) return range;
    }
    return null;
  }

  /** A row begins where the last one ended. */
  #startTime(windows: Windows, row: number): number {
    if (windows.firstStep(row) === 0) return 0;
    return row > 0 && windows.known(row - 1) ? windows.endTime(row - 1) : windows.time(row);
  }
}

/** The least whole number from `low` on that holds, where all after it do too; `high` if none below does. */
function least(low: number, high: number, holds: (candidate: number) => boolean): number {
  let [from, to] = [low, Math.max(low, high)];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
