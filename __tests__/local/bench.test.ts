import { isMet, table } from "../../bench/table.mjs";
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
