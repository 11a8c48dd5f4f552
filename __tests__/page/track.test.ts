import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE } from "../../services/frontend/src/contract";
import { detailFor } from "../../services/frontend/page/src/model/detail";
import { decodeOverview, Windows, type Windows as Overview } from "../../services/frontend/page/src/model/overview";
import { Track } from "../../services/frontend/page/src/model/track";

const golden = join(__dirname, "../../services/propagation/tests/golden");
const overview = (name: string): Overview => decodeOverview(Uint8Array.from(readFileSync(join(golden, "overview", name))).buffer, ENGINE);
interface Golden {
  records: [number | null, number, Record<string, { time: number; x: number; y: number }>][];
}

/** Steps from + 1 … to that a cover holds, each as often as it is held. */
function covered(track: Track, from: number, to: number): number[] {
  return track.pieces(from, to).flatMap(({ windows, first, last }) => {
    const start = windows.firstStep(first);
    return Array.from({ length: windows.lastStep(last - 1) - start }, (_, i) => start + i + 1);
  });
}

describe("a track", () => {
  const track = () => new Track(overview("seed7-steps40000.bin"));

  test("covers every step with the finest windows known", () => {
    const known = track();
    expect(known.level(0, 40_000)).toBe(7);
    known.add(overview("seed7-steps40000-from12345-to27001.bin"));
    known.add(overview("seed7-steps40000-from15001-to17003.bin"));
    const steps = new Set(covered(known, 0, 40_000));
    expect(steps.size).toBe(40_000);
    expect(known.level(15_001, 17_003)).toBe(2);
    expect(known.level(13_000, 14_000)).toBe(5);
    expect(known.level(0, 40_000)).toBe(7);
  });

  test("does not cover a step twice where a detail begins and ends with a window", () => {
    const known = track();
    known.add(overview("seed7-steps40000-from0-to3.bin"));
    const steps = covered(known, 0, 40_000).filter((step) => step > 128);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test("gives time for steps and steps for times, growing both ways", () => {
    const known = track();
    known.add(overview("seed7-steps40000-from15001-to17003.bin"));
    let before = -1;
    for (let step = 0; step <= 40_000; step += 97) {
      const time = known.timeAt(step);
      expect(time).toBeGreaterThanOrEqual(before);
      expect(Math.abs(known.stepAt(time) - step)).toBeLessThanOrEqual(130);
      before = time;
    }
    expect(known.timeAt(0)).toBe(0);
    expect(known.stepAt(1e9)).toBe(40_000);
  });

  test("finds the satellite where the golden run has it", () => {
    const { records } = JSON.parse(readFileSync(join(golden, "seed7-steps2000.json"), "utf8")) as Golden;
    const fine = new Track(overview("seed7-steps2000.bin"));
    const known = new Set(Array.from({ length: 500 }, (_, row) => fine.base.points(row)).flat().map(({ t }) => t.toFixed(4)));
    const states = records.slice(1).flatMap(([, , agents]) => (agents["Satellite"] ? [agents["Satellite"]] : []));
    const checked = states.filter(({ time }) => known.has(time.toFixed(4)));
    expect(checked.length).toBeGreaterThan(1000);
    for (const { time, x, y } of checked) {
      const at = fine.at(time);
      expect(at?.x).toBeCloseTo(x - 0.1 * time, 3);
      expect(at?.y).toBeCloseTo(y - 0.1, 3);
    }
  });

  test("lists records, not estimates between them, for every step asked for", () => {
    const known = track();
    const times = new Set(Array.from({ length: known.base.count }, (_, row) => known.points(known.base, row)).flat().map(({ t }) => t));
    for (let step = 1; step <= 40_000; step += 613) {
      const record = known.recordNear(step);
      expect(record?.step).toBeLessThanOrEqual(step);
      expect(times.has(record?.point.t ?? NaN)).toBe(true);
    }
    expect(known.recordNear(40_000)?.step).toBe(40_000);
  });

  test("stands at the start before the first record, and knows nothing of what has not come", () => {
    const known = track();
    expect(known.at(0)).toMatchObject({ x: 0, y: 0.9 });
    const empty = new Track(new Windows(7, 0, 40_000));
    expect(empty.energyErrorAt(500)).toBeNull();
  });

  test("of one step has a beginning and an end", () => {
    const one = new Track(overview("seed0-steps1.bin"));
    expect(one.timeAt(1)).toBeCloseTo(0.01);
    expect(one.at(one.timeAt(1))).toMatchObject({ x: expect.closeTo(0.009, 5) as number, y: expect.closeTo(0.8999, 4) as number });
  });
});

describe("the detail to ask for", () => {
  const known = new Track(overview("seed7-steps40000.bin"));

  test("is as fine as one overview can be, and holds what is wished", () => {
    expect(detailFor(known, { from: 0, to: 353 })).toEqual({ from: 0, to: 384 });
    const wide = detailFor(known, { from: 12_345, to: 27_001 });
    expect(wide?.from).toBeLessThanOrEqual(12_345);
    expect(wide?.to).toBeGreaterThanOrEqual(27_001);
  });

  test("is nothing where one overview cannot be finer, and nothing for nothing", () => {
    expect(detailFor(known, { from: 0, to: 40_000 })).toBeNull();
    expect(detailFor(known, { from: 5, to: 5 })).toBeNull();
  });

  test("is not asked for again", () => {
    const again = new Track(overview("seed7-steps40000.bin"));
    again.add(overview("seed7-steps40000-from15001-to17003.bin"));
    expect(detailFor(again, { from: 15_100, to: 16_900 })).toBeNull();
  });
});
