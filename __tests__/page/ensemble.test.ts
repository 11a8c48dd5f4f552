import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE } from "../../services/frontend/src/contract";
import { FIRST_LOOK, readLook, writeLook } from "../../services/frontend/page/src/model/ensemble/look";
import { EnsembleOverview, LEVELS, type Level, type Levels } from "../../services/frontend/page/src/model/ensemble/overview";
import { Picture } from "../../services/frontend/page/src/model/ensemble/picture";
import { type BandScale, bandScale } from "../../services/frontend/page/src/model/ensemble/scale";
import { within } from "../../services/frontend/page/src/model/ensemble/series";
import { firstOrbits, Timeline } from "../../services/frontend/page/src/model/ensemble/timeline";
import { OverviewError } from "../../services/frontend/page/src/model/overview";

const golden = join(__dirname, "../../services/propagation/tests/golden/ensemble");
const bytes = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(golden, name))).buffer;
const whole = new EnsembleOverview(bytes("seed0-steps500-runs200.overview.bin"), ENGINE);

type Band = Record<Level, (number | null)[]> & { runs: number[] };
interface Data {
  times: number[];
  marks: number[];
  bands: Record<"planet_x" | "planet_y" | "satellite_x" | "satellite_y" | "distance", Band>;
  energy_error: Record<Level, number[]>;
  ejected: number[];
}
const data = JSON.parse(readFileSync(join(golden, "seed0-steps500-runs200.data.json"), "utf8")) as Data;

/** As JSON has it: float64, and null where no run has a value. */
function expectClose(found: number, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) expect(found).toBeNaN();
  else expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));
}

describe("the overview of an ensemble", () => {
  test("says what it is of", () => {
    expect(whole).toMatchObject({ steps: 500, runs: 200, counted: 200, seed: 0, motion: { vx: 0.1, y: 0.1 } });
    expect(whole.times).toHaveLength(256);
    expect(whole.marks.at(-1)).toBe(500);
  });

  test("gives the bands of data.json in the inertial frame, and less the planet's way in the planet's", () => {
    const inertial = new Picture(whole, "inertial");
    const planet = new Picture(whole, "planet");
    const courses = { planet_x: ["x", "planet"], planet_y: ["y", "planet"], satellite_x: ["x", "satellite"], satellite_y: ["y", "satellite"], distance: ["distance", "satellite"] } as const;
    for (const [quantity, [coordinate, body]] of Object.entries(courses)) {
      const band = data.bands[quantity as keyof typeof courses];
      data.times.forEach((t, row) => {
        for (const level of LEVELS) {
          const expected = band[level][row];
          expectClose(inertial.courses[coordinate][body]?.levels[row]?.[level] ?? 0, expected);
          const way = { x: 0.1 * t, y: 0.1, distance: 0 }[coordinate];
          expectClose(planet.courses[coordinate][body]?.levels[row]?.[level] ?? 0, typeof expected === "number" ? expected - way : null);
        }
      });
    }
  });

  test("gives the energy error and the share of the ejected at each mark, after a start without either", () => {
    const { errors, ejections } = new Picture(whole, "planet");
    expect(errors.at).toEqual([0, ...data.marks]);
    expect(errors.levels[0]).toMatchObject({ min: 0, p50: 0, max: 0 });
    for (const level of LEVELS) errors.levels.slice(1).forEach((levels, row) => { expectClose(levels[level], data.energy_error[level][row]); });
    expect(ejections.map(({ share }) => share * 200)).toEqual([0, ...data.ejected]);
  });

  test("that is not whole says how many runs are in it", () => {
    const partial = new EnsembleOverview(bytes("partial40-seed0-steps500-runs200.overview.bin"), ENGINE);
    expect([partial.counted, partial.runs]).toEqual([40, 200]);
  });

  test.each([
    ["cut short", (copy: Uint8Array) => copy.slice(0, 2000), /cannot be 2000 bytes long/],
    ["empty", () => new Uint8Array(0), /cut short/],
    ["of another kind", (copy: Uint8Array) => copy.fill(65, 0, 8), /not an overview/],
    ["of another engine", (copy: Uint8Array) => copy.fill(9, 16, 17), /engine 9/],
    ["of other rows", (copy: Uint8Array) => copy.fill(64, 12, 13), /instants/],
  ])("that is %s is refused with the reason", (_, damage, reason) => {
    const read = () => new EnsembleOverview(damage(new Uint8Array(bytes("seed0-steps500-runs200.overview.bin"))).buffer as ArrayBuffer, ENGINE);
    expect(read).toThrow(OverviewError);
    expect(read).toThrow(reason);
  });
});

describe("a moment", () => {
  const picture = new Picture(whole, "planet");
  const all = { from: 0, to: whole.reach };

  test("is an instant within what is on view, with the mark and the runs of that time", () => {
    const moment = picture.moment(all, 7);
    const row = whole.times.indexOf(moment.time);
    expect(Math.abs(moment.time - 7)).toBeLessThan(0.1);
    expect(moment.at.distance).toEqual(whole.band("distance", row));
    expect(moment.present).toBe(data.bands.distance.runs[row]);
    expect(picture.moment({ from: 3, to: 5 }, 100).time).toBeLessThanOrEqual(5);
    expect(picture.moment({ from: 3, to: 5 }, 0).time).toBeGreaterThanOrEqual(3);
  });

  test("at the end of the time that half of the runs reach is the last step", () => {
    expect(whole.reach).toBeGreaterThan(20);
    expect(whole.present(whole.times.indexOf(whole.reach))).toBeGreaterThanOrEqual(100);
    expect(picture.moment(all, Infinity)).toMatchObject({ time: whole.reach, step: 500 });
    expect(picture.stepOf(picture.timeOf(123))).toBeCloseTo(123, 9);
  });

  test("is never later than half of the runs go, though instants go on", () => {
    const short = new EnsembleOverview(bytes("seed0-steps10-runs3.overview.bin"), ENGINE);
    const row = short.times.indexOf(short.reach);
    expect([short.present(row) >= 2, short.present(row + 1) >= 2]).toEqual([true, false]);
    expect(new Picture(short, "planet").moment({ from: 0, to: short.reach }, Infinity)).toMatchObject({ time: short.reach, step: 10 });
  });
});

describe("the time axis", () => {
  const axis = new Timeline({ from: 0, to: 16 }, 500, 58, 800);

  test("stays within the run however it is moved", () => {
    expect(axis.pan(1e6).interval).toEqual({ from: 0, to: 16 });
    expect(axis.pan(-1e6).interval).toEqual({ from: 484, to: 500 });
    expect(axis.zoom(1e-9).interval).toEqual({ from: 0, to: 500 });
    expect(axis.zoom(1e9).span).toBe(1);
    expect(new Timeline({ from: 400, to: 900 }, 500, 58, 800).interval).toEqual({ from: 0, to: 500 });
    expect(firstOrbits(3)).toEqual({ from: 0, to: 3 });
  });

  test("keeps what is under the pointer where it is", () => {
    const at = (timeline: Timeline, px: number) => timeline.interval.from + ((px - 58) / 800) * timeline.span;
    const looked = new Timeline({ from: 100, to: 200 }, 500, 58, 800);
    expect(at(looked.zoom(2, 258), 258)).toBeCloseTo(at(looked, 258), 9);
    expect(at(looked.pan(50), 308)).toBeCloseTo(at(looked, 258), 9);
  });

  test("moves to a moment as little as it takes", () => {
    expect(axis.reveal(5)).toBe(axis);
    expect(axis.reveal(20).interval).toEqual({ from: 4, to: 20 });
    expect(axis.pan(-1e6).reveal(10).interval).toEqual({ from: 10, to: 26 });
  });
});

test.each([FIRST_LOOK, { frame: "inertial", span: "all" } as const, { frame: "planet", span: { from: 12.5, to: 340 } } as const])(
  "a look survives the address: %j",
  (look) => {
    expect(readLook(writeLook(look))).toEqual(look);
  },
);

test.each(["#frame=up&span=", "#t=5,2", "#t=a,b", "#t=1", "#t=-1,5", "#t=0,Infinity", "#%"])("a fragment %j that is no look is the first one", (hash) => {
  expect(readLook(hash)).toEqual(FIRST_LOOK);
});

describe("the scale of bands", () => {
  const row = (min: number, p5: number, p50: number, p95: number, max: number): Levels => ({ min, p5, p25: (p5 + p50) / 2, p50, p75: (p95 + p50) / 2, p95, max });
  /** 0 at the bottom, 1 at the top. */
  const height = ({ scale, range: [bottom, top] }: BandScale, value: number) => (scale.to(value) - scale.to(bottom)) / (scale.to(top) - scale.to(bottom));

  test("shows everything, evenly, where the extremes are near", () => {
    const chosen = bandScale([row(-1, -0.7, 0, 0.7, 1)], null, 5);
    expect(height(chosen, -1)).toBeGreaterThan(0);
    expect(height(chosen, 1)).toBeLessThan(1);
    expect(height(chosen, 0.5) - height(chosen, 0)).toBeCloseTo(height(chosen, 0) - height(chosen, -0.5), 9);
    expect(chosen.ticks.map(chosen.label)).toEqual(["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  });

  test("keeps nine runs in ten legible where a single one is far away", () => {
    const chosen = bandScale([row(-5000, -0.7, 0, 0.7, 1)], null, 5);
    expect(height(chosen, 0.7) - height(chosen, -0.7)).toBeGreaterThan(0.3);
    expect(height(chosen, -5000)).toBeLessThan(0);
  });

  test("shows 1 and 10,000 where the runs are all over", () => {
    const chosen = bandScale([row(-1, -0.7, 0, 0.7, 1), row(-9e3, -5e3, 3, 6e3, 1e4)], null, 5);
    expect(height(chosen, -9e3)).toBeGreaterThan(0);
    expect(height(chosen, 1e4)).toBeLessThan(1);
    expect(height(chosen, 1) - height(chosen, 0)).toBeGreaterThan(0.02);
    expect(chosen.ticks).toEqual(expect.arrayContaining([0, 1, -1, 1000, -1000]));
  });

  test("has no negative distance", () => {
    expect(bandScale([row(0.01, 0.02, 0.9, 1, 1.1)], 0, 5).range[0]).toBe(0);
    expect(bandScale([row(0.1, 0.5, 100, 4000, 9000)], 0, 5).ticks.every((tick) => tick >= 0)).toBe(true);
  });

  test("draws what is alike in all runs as a line", () => {
    const chosen = bandScale([row(0.9, 0.9, 0.9, 0.9, 0.9)], null, 5);
    expect(height(chosen, 0.9)).toBeCloseTo(0.5, 9);
  });
});

test("a part of a series goes on to the edges of what is on view", () => {
  const levels = whole.marks.map((_, row) => whole.energyError(row));
  const part = within({ at: whole.marks, levels }, { from: 100, to: 200 });
  expect([part.at[0], part.at.at(-1)]).toEqual([96, 204]);
});
