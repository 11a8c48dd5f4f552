import { PLANET_VX, PLANET_Y } from "./model";

/*
 * Windows while they are made: 31 float64 each, in the inertial frame, as in the Python package (windows.py), whose bytes
 * these have to be: t, least and greatest energy error, the planet's first and last (to, x), then eight points (to, x, y)
 * of the satellite: first, last, least and greatest x, y, and x in the planet's frame. NaN where there is none.
 */
export const FIELDS = 31;
export const T = 0;
export const ERROR = 1;
export const PLANET_FIRST = 3;
export const PLANET_LAST = 5;
export const FIRST = 7;
export const LAST = 10;
const EXTREMES = 13;
const POINTS = 8;

export const ROW_BYTES = 128;

export function emptyWindows(count: number): Float64Array {
  return new Float64Array(count * FIELDS).fill(NaN);
}

export function place(windows: Float64Array, at: number, to: number, x: number, y: number): void {
  windows[at] = to;
  windows[at + 1] = x;
  windows[at + 2] = y;
}

/** By what the k-th pair of extremes is least and greatest: inertial x, y, x in the planet's frame. */
function measure(k: number, to: number, x: number, y: number): number {
  return k === 0 ? x : k === 1 ? y : x - PLANET_VX * to;
}

/** Lets a point of the satellite be an extreme of the window at `base`, where it is beyond what was there. */
export function widen(windows: Float64Array, base: number, to: number, x: number, y: number): void {
  const held = (at: number, k: number): number =>
    measure(k, windows[at] as number, windows[at + 1] as number, windows[at + 2] as number);
  for (let k = 0; k < 3; k++) {
    const low = base + EXTREMES + 6 * k;
    const value = measure(k, to, x, y);
    // Not `<` alone: against NaN, of a window without a point, that is false.
    if (!(value >= held(low, k))) place(windows, low, to, x, y);
    if (!(value <= held(low + 3, k))) place(windows, low + 3, to, x, y);
  }
}

/** Writes windows as rows: times relative to t, places relative to the planet, rounded once. */
export function emit(windows: Float64Array): Buffer {
  const count = windows.length / FIELDS;
  const rows = Buffer.alloc(count * ROW_BYTES);
  for (let index = 0; index < count; index++) {
    const base = index * FIELDS;
    const row = index * ROW_BYTES;
    const value = (at: number): number => windows[base + at] as number;
    const t = value(T);
    const moment = (at: number, offset: number): void => {
      rows.writeFloatLE(value(at) - t, row + offset);
      rows.writeFloatLE(value(at + 1) - PLANET_VX * value(at), row + offset + 4);
    };
    rows.writeDoubleLE(t, row);
    rows.writeFloatLE(value(ERROR), row + 8);
    rows.writeFloatLE(value(ERROR + 1), row + 12);
    moment(PLANET_FIRST, 16);
    moment(PLANET_LAST, 24);
    for (let k = 0; k < POINTS; k++) {
      const at = FIRST + 3 * k;
      moment(at, 32 + 12 * k);
      rows.writeFloatLE(value(at + 2) - PLANET_Y, row + 32 + 12 * k + 8);
    }
  }
  return rows;
}

/** Reads rows back into windows, as far as float32 holds them. */
export function parse(rows: Buffer): Float64Array {
  const count = rows.length / ROW_BYTES;
  const windows = new Float64Array(count * FIELDS);
  for (let index = 0; index < count; index++) {
    const base = index * FIELDS;
    const row = index * ROW_BYTES;
    const t = rows.readDoubleLE(row);
    const moment = (at: number, offset: number): void => {
      const to = t + rows.readFloatLE(row + offset);
      windows[base + at] = to;
      windows[base + at + 1] = rows.readFloatLE(row + offset + 4) + PLANET_VX * to;
    };
    windows[base + T] = t;
    windows[base + ERROR] = rows.readFloatLE(row + 8);
    windows[base + ERROR + 1] = rows.readFloatLE(row + 12);
    moment(PLANET_FIRST, 16);
    moment(PLANET_LAST, 24);
    for (let k = 0; k < POINTS; k++) {
      const at = FIRST + 3 * k;
      moment(at, 32 + 12 * k);
      windows[base + at + 2] = rows.readFloatLE(row + 32 + 12 * k + 8) + PLANET_Y;
    }
  }
  return windows;
}

/** Merges neighbours: windows of twice the steps. */
export function merge(windows: Float64Array): Float64Array {
  const count = Math.ceil(windows.length / FIELDS / 2);
  const out = new Float64Array(count * FIELDS);
  for (let index = 0; index < count; index++) {
    const base = index * FIELDS;
    const earlier = 2 * base;
    const later = earlier + FIELDS;
    out.set(windows.subarray(earlier, later), base);
    if (later < windows.length) include(out, base, windows.subarray(later, later + FIELDS));
  }
  return out;
}

/** Lets a later window be part of the one at `base`. */
function include(out: Float64Array, base: number, later: Float64Array): void {
  const value = (at: number): number => later[at] as number;
  if (!((out[base + T] as number) <= value(T))) out[base + T] = value(T);
  if (!Number.isNaN(value(PLANET_FIRST))) {
    if (Number.isNaN(out[base + PLANET_FIRST])) out.set(later.subarray(PLANET_FIRST, PLANET_LAST), base + PLANET_FIRST);
    out.set(later.subarray(PLANET_LAST, FIRST), base + PLANET_LAST);
  }
  if (Number.isNaN(value(FIRST))) return;
  if (!((out[base + ERROR] as number) <= value(ERROR))) out[base + ERROR] = value(ERROR);
  if (!((out[base + ERROR + 1] as number) >= value(ERROR + 1))) out[base + ERROR + 1] = value(ERROR + 1);
  if (Number.isNaN(out[base + FIRST])) out.set(later.subarray(FIRST, LAST), base + FIRST);
  out.set(later.subarray(LAST, EXTREMES), base + LAST);
  for (let at = EXTREMES; at < FIELDS; at += 3) widen(out, base, value(at), value(at + 1), value(at + 2));
}
