/**
 * Reads the overview of an ensemble (docs/formats.md): a header of 64 bytes, time rows of 160, step rows of 40,
 * little-endian. Positions are relative to where the planet truly is, in the model's length unit.
 */
import { OverviewError, openOverview } from "../overview";

const MAGIC = "porta/en";
const VERSION = 1;
const HEADER_BYTES = 64;
const TIME_ROW_BYTES = 160;
const STEP_ROW_BYTES = 40;

/** The levels of a distribution over the runs, in their order in a row. */
export const LEVELS = ["min", "p5", "p25", "p50", "p75", "p95", "max"] as const;
export type Level = (typeof LEVELS)[number];
/** NaN at every level where no run has a value. */
export type Levels = Readonly<Record<Level, number>>;

const BANDS_AT = { planet_x: 16, planet_y: 44, satellite_x: 72, satellite_y: 100, distance: 128 } as const;
export type Quantity = keyof typeof BANDS_AT;
const ERROR_AT = 12;

export class EnsembleOverview {
  readonly engine: number;
  readonly steps: number;
  /** Runs that were asked for, and those that are in these bands: fewer while it is computed. */
  readonly runs: number;
  readonly counted: number;
  readonly seed: number;
  /** The planet's vx and y: it moves at (vx·t, y) in the inertial frame. */
  readonly motion: { readonly vx: number; readonly y: number };
  /** Instants, in the model's time unit, and marks in completed steps; both ascend. */
  readonly times: readonly number[];
  readonly marks: readonly number[];
  /** The last instant to which half of the runs come: about as long as a run takes. */
  readonly reach: number;
  readonly #view: DataView;
  readonly #timesAt: number;
  readonly #stepsAt: number;

  /** Throws OverviewError for bytes of another shape, version or engine. */
  constructor(bytes: ArrayBuffer, engine: number) {
    const view = openOverview(bytes, { magic: MAGIC, version: VERSION, headerBytes: HEADER_BYTES, engine });
    const [timeRows, stepRows] = [view.getUint32(32, true), view.getUint32(36, true)];
    this.#timesAt = view.getUint16(10, true);
    this.#stepsAt = this.#timesAt + timeRows * TIME_ROW_BYTES;
    const expected = this.#stepsAt + stepRows * STEP_ROW_BYTES;
    if (view.getUint16(12, true) !== TIME_ROW_BYTES || view.getUint16(14, true) !== STEP_ROW_BYTES || bytes.byteLength < expected) {
      throw new OverviewError(`an overview of ${String(timeRows)} instants and ${String(stepRows)} steps cannot be ${String(bytes.byteLength)} bytes long`);
    }
    this.#view = view;
    this.engine = engine;
    this.steps = view.getUint32(20, true);
    this.runs = view.getUint32(24, true);
    this.counted = view.getUint32(28, true);
    this.seed = view.getFloat64(40, true);
    this.motion = { vx: view.getFloat64(48, true), y: view.getFloat64(56, true) };
    this.times = Array.from({ length: timeRows }, (_, row) => view.getFloat64(this.#timesAt + row * TIME_ROW_BYTES, true));
    this.reach = this.times.findLast((_, row) => 2 * this.present(row) >= this.counted) ?? 0;
    this.marks = Array.from({ length: stepRows }, (_, row) => view.getUint32(this.#stepsAt + row * STEP_ROW_BYTES, true));
  }

  /** Runs whose satellite has a place at an instant: an early end of its records leaves a run out. */
  present(row: number): number {
    return this.#view.getUint32(this.#timesAt + row * TIME_ROW_BYTES + 12, true);
  }

  /** The levels of a quantity at an instant. */
  band(quantity: Quantity, row: number): Levels {
    return this.#levels(this.#timesAt + row * TIME_ROW_BYTES + BANDS_AT[quantity]);
  }

  /** The levels of E/E0 − 1, signed, at a mark. */
  energyError(row: number): Levels {
    return this.#levels(this.#stepsAt + row * STEP_ROW_BYTES + ERROR_AT);
  }

  /** The share of the runs that are ejected by a mark, 0 … 1. */
  ejected(row: number): number {
    const at = this.#stepsAt + row * STEP_ROW_BYTES;
    return this.#view.getUint32(at + 4, true) / Math.max(1, this.#view.getUint32(at + 8, true));
  }

  #levels(at: number): Levels {
    return Object.fromEntries(LEVELS.map((level, i) => [level, this.#view.getFloat32(at + 4 * i, true)])) as Levels;
  }
}
