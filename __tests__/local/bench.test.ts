import { isMet, missOf, table } from "../../bench/table.mjs";
import { Terminal } from "../../scripts/terminal.mjs";

describe("a row of the bench", () => {
  test.each([
    [{ value: 49, goal: "≤ 50" }, true],
    [{ value: 51, goal: "≤ 50" }, false],
    [{ value: 1100, goal: "≤ 1,024" }, false],
    [{ value: 3000, goal: "≥ 85 %", ratio: 0.86 }, true],
    [{ value: 3000, goal: "≥ 85 %", ratio: 0.84 }, false],
    [{ value: 0.2, goal: "≤ 15 %", ratio: 0.2 }, false],
    [{ value: 7 }, undefined],
  ])("%j meets its goal: %s", (row, met) => {
    expect(isMet({ name: "x", unit: "ms", ...row })).toBe(met);
  });

  test.each([
    [{ value: 21, goal: "≤ 15", why: "Dask." }, "miss: 6 ms, 40 % over its goal. Dask."],
    [{ value: 0.23, goal: "≤ 15 %", ratio: 0.23, why: "Copying." }, "miss: 8 percentage points over its goal. Copying."],
    [{ value: 3, goal: "≥ 75 %", ratio: 0.72 }, "miss: 3 percentage points under its goal. Nothing is known to stand in its way: is the machine busy?"],
    [{ value: 5, unit: "", goal: "≤ 0", why: "Refused." }, "miss: 5 over its goal. Refused."],
  ])("that misses its goal says by how much and why: %j", (row, words) => {
    expect(missOf({ name: "miss", unit: "ms", ...row })).toBe(words);
  });

  test("that misses its goal is told below the table", () => {
    const lines = table([{ name: "miss", value: 21, unit: "ms", goal: "≤ 15", why: "Dask." }], new Terminal()).split("\n");
    expect(lines.slice(-2)).toEqual(["", "  ✗ miss: 6 ms, 40 % over its goal. Dask."]);
  });

  test("stands in a table beside its comparison", () => {
    const rows = [
      { name: "kernel", value: 19.44, unit: "ns", goal: "≤ 50", beside: { name: "reference", value: 13_549.2 }, ratio: 0.00143 },
      { name: "walk", value: 13.9, unit: "ns" },
    ];
    expect(table(rows, new Terminal()).split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, " | "))).toEqual([
      "measured | goal | beside | ratio",
      "kernel | 19.4 ns | ≤ 50 ✓ | reference: 13,549 ns | 0.00143",
      "walk | 13.9 ns",
    ]);
  });
});
