/**
 * Reads the overview format (docs/formats.md): a header of 80 bytes, then rows of 128, little-endian. A row is a window
 * of 2^k steps. Coordinates are in the planet's frame, in the model's length unit; times in its time unit.
 */

const MAGIC = "porta/ov";
const VERSION = 1;
const HEADER_BYTES = 80;
export const ROW_BYTES = 128;

/** The satellite's points in a row, in their order there. */
const POINTS = 8;
const POINTS_AT = 32;
const POINT_BYTES = 12;

/** A point of the satellite's path: time, and place relative to the planet. */
export interface Point {
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

/** How the planet moves, exactly: at (vx·t, y) in the inertial frame. And where the satellite starts, relative to it. */
export interface Motion {
  readonly vx: number;
  readonly y: number;
  readonly start: Point;
}

/** The default model's, until an overview says otherwise. */
export const DEFAULT_MOTION: Motion = { vx: 0.1, y: 0.1, start: { t: 0, x: 0, y: 0.9 } };

/** Windows of 2^k steps over the steps from + 1 … to; some may not be known yet. */
export class Windows {
  readonly count: number;
  readonly #rows: DataView;
  readonly #known: Uint8Array;

  constructor(
    readonly k: number,
    readonly from: number,
    readonly to: number,
    readonly motion: Motion = DEFAULT_MOTION,
  ) {
    this.count = Math.ceil((to - from) / 2 ** k);
    this.#rows = new DataView(new ArrayBuffer(this.count * ROW_BYTES));
    this.#known = new Uint8Array(this.count);
  }

  /** Takes rows in, the first of them being row `first`; what lies outside is ignored. */
  put(first: number, bytes: Uint8Array): void {
    const rows = Math.min(Math.floor(bytes.byteLength / ROW_BYTES), this.count - first);
    if (first < 0 || rows <= 0) return;
    new Uint8Array(this.#rows.buffer).set(bytes.subarray(0, rows * ROW_BYTES), first * ROW_BYTES);
    this.#known.fill(1, first, first + rows);
  }

  known(row: number): boolean {
    return this.#known[row] === 1;
  }

  get complete(): boolean {
    return this.#known.every((known) => known === 1);
  }

  /** Completed steps before row `row` begins. */
  firstStep(row: number): number {
    return this.from + row * 2 ** this.k;
  }

  /** Completed steps when row `row` ends. */
  lastStep(row: number): number {
    return Math.min(this.to, this.firstStep(row + 1));
  }

  /** The least `to` of the row's records. */
  time(row: number): number {
    return this.#rows.getFloat64(row * ROW_BYTES, true);
  }

  /** Least and greatest E/E0 − 1 in the row; NaN where the satellite made no record. */
  energyError(row: number): readonly [number, number] {
    const at = row * ROW_BYTES;
    return [this.#rows.getFloat32(at + 8, true), this.#rows.getFloat32(at + 12, true)];
  }

  /** The time of the row's last record, of either agent. */
  endTime(row: number): number {
    const at = row * ROW_BYTES;
    const planet = this.#rows.getFloat32(at + 24, true);
    const satellite = this.#rows.getFloat32(at + POINTS_AT + POINT_BYTES, true);
    return this.time(row) + Math.max(Number.isNaN(planet) ? 0 : planet, Number.isNaN(satellite) ? 0 : satellite);
  }

  /** The satellite's distinct points in the row, by time: its first and last record and the extremes between. */
  points(row: number): Point[] {
    const t = this.time(row);
    const points: Point[] = [];
    for (let i = 0; i < POINTS; i += 1) {
      const at = row * ROW_BYTES + POINTS_AT + i * POINT_BYTES;
      const dt = this.#rows.getFloat32(at, true);
      if (Number.isNaN(dt)) return [];
      points.push({ t: t + dt, x: this.#rows.getFloat32(at + 4, true), y: this.#rows.getFloat32(at + 8, true) });
    }
    points.sort((a, b) => a.t - b.t);
    return points.filter((point, i) => i === 0 || point.t > (points[i - 1]?.t ?? -Infinity));
  }
}

export class OverviewError extends Error {}

/** What the overviews of runs and of ensembles begin with alike. Throws OverviewError where it is not as expected. */
export function openOverview(bytes: ArrayBuffer, expected: { magic: string; version: number; headerBytes: number; engine: number }): DataView {
  if (bytes.byteLength < expected.headerBytes) throw new OverviewError(`an overview of ${String(bytes.byteLength)} bytes is cut short`);
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, expected.magic.length));
  const version = view.getUint16(8, true);
  const engine = view.getUint32(16, true);
  if (magic !== expected.magic || version !== expected.version) {
    throw new OverviewError(`“${magic}” version ${String(version)} is not an overview this page reads`);
  }
  if (engine !== expected.engine) throw new OverviewError(`the overview is of engine ${String(engine)}, this page of engine ${String(expected.engine)}`);
  return view;
}

/** Decodes an overview as served (unpacked). Throws OverviewError for bytes of another shape, version or engine. */
export function decodeOverview(bytes: ArrayBuffer, engine: number): Windows {
  const view = openOverview(bytes, { magic: MAGIC, version: VERSION, headerBytes: HEADER_BYTES, engine });
  const headerBytes = view.getUint16(10, true);
  const rows = view.getUint32(40, true);
  if (view.getUint16(12, true) !== ROW_BYTES || bytes.byteLength < headerBytes + rows * ROW_BYTES) {
    throw new OverviewError(`an overview of ${String(rows)} rows cannot be ${String(bytes.byteLength)} bytes long`);
  }
  const start = { t: 0, x: view.getFloat64(64, true), y: view.getFloat64(72, true) };
  const motion = { vx: view.getFloat64(48, true), y: view.getFloat64(56, true), start };
  const windows = new Windows(view.getUint16(14, true), view.getUint32(32, true), view.getUint32(36, true), motion);
  windows.put(0, new Uint8Array(bytes, headerBytes, rows * ROW_BYTES));
  return windows;
}

/** Bytes as they come in progress events. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
