import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE } from "../../services/frontend/src/contract";
import { decodeOverview, decodeBase64, OverviewError, ROW_BYTES, Windows } from "../../services/frontend/page/src/model/overview";

const golden = join(__dirname, "../../services/propagation/tests/golden");
const bytes = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(golden, "overview", name))).buffer;
interface Golden {
  records: [number | null, number, Record<string, { time: number; x: number; y: number }>][];
}

test("an overview gives the places of the records, relative to the planet", () => {
  const overview = decodeOverview(bytes("seed7-steps2000.bin"), ENGINE);
  expect(overview).toMatchObject({ k: 2, from: 0, to: 2000, count: 500, complete: true });
  const { records } = JSON.parse(readFileSync(join(golden, "seed7-steps2000.json"), "utf8")) as Golden;
  const states = records.slice(1).flatMap(([, , agents]) => (agents["Satellite"] ? [agents["Satellite"]] : []));
  const points = Array.from({ length: overview.count }, (_, row) => overview.points(row)).flat();
  expect(points.length).toBeGreaterThan(1000);
  for (const { t, x, y } of points) {
    // Times are float32 relative to their row.
    const state = states.find(({ time }) => Math.abs(time - t) < 1e-6);
    expect(x).toBeCloseTo((state?.x ?? NaN) - 0.1 * (state?.time ?? NaN), 5);
    expect(y).toBeCloseTo((state?.y ?? NaN) - 0.1, 5);
  }
});

test("points of a row are in order of time and each is there once", () => {
  const overview = decodeOverview(bytes("seed7-steps40000.bin"), ENGINE);
  for (let row = 0; row < overview.count; row += 1) {
    const times = overview.points(row).map(({ t }) => t);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  }
});

test("a detail knows which steps it covers", () => {
  const detail = decodeOverview(bytes("seed7-steps40000-from12345-to27001.bin"), ENGINE);
  expect(detail.from).toBeLessThanOrEqual(12345);
  expect(detail.to).toBeGreaterThanOrEqual(27001);
  expect(detail.firstStep(0)).toBe(detail.from);
  expect(detail.lastStep(detail.count - 1)).toBe(detail.to);
});

test.each([
  ["cut short", (whole: Uint8Array) => whole.slice(0, 200), /200 bytes long/],
  ["empty", () => new Uint8Array(0), /cut short/],
  ["of another kind", (whole: Uint8Array) => whole.fill(65, 0, 8), /not an overview/],
  ["of another engine", (whole: Uint8Array) => whole.fill(9, 16, 17), /engine 9/],
])("an overview that is %s is refused with the reason", (_, damage, reason) => {
  const whole = new Uint8Array(bytes("seed7-steps2000.bin"));
  const read = () => decodeOverview(damage(whole).buffer as ArrayBuffer, ENGINE);
  expect(read).toThrow(OverviewError);
  expect(read).toThrow(reason);
});

test("rows of progress events fill their places, in whatever order they come", () => {
  const whole = bytes("seed7-steps2000.bin");
  const expected = decodeOverview(whole, ENGINE);
  const rows = new Uint8Array(whole).slice(80);
  const text = (first: number, last: number) => Buffer.from(rows.subarray(first * ROW_BYTES, last * ROW_BYTES)).toString("base64");
  const partial = new Windows(2, 0, 2000);
  partial.put(300, decodeBase64(text(300, 500)));
  expect([partial.known(299), partial.known(300), partial.complete]).toEqual([false, true, false]);
  partial.put(0, decodeBase64(text(0, 300)));
  expect(partial.complete).toBe(true);
  expect(partial.points(299)).toEqual(expected.points(299));
});

test("rows outside the run are left out", () => {
  const partial = new Windows(2, 0, 2000);
  partial.put(499, new Uint8Array(3 * ROW_BYTES));
  partial.put(-1, new Uint8Array(ROW_BYTES));
  partial.put(500, new Uint8Array(ROW_BYTES));
  expect(Array.from({ length: 500 }, (_, row) => partial.known(row)).filter(Boolean)).toHaveLength(1);
});
