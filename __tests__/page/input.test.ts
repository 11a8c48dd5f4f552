import { readPlace, readView, writeView, pathOf, FIRST_VIEW } from "../../services/frontend/page/src/model/address";
import { checkSeed, checkSteps } from "../../services/frontend/page/src/model/input";

const limits = { maxSteps: 1_000_000, maxSeed: Number.MAX_SAFE_INTEGER };

test.each([
  ["1", 1],
  ["500", 500],
  [" 500 ", 500],
  ["1,000,000", 1_000_000],
  ["50 000", 50_000],
])("takes %j as a number of steps", (text, value) => {
  expect(checkSteps(text, limits.maxSteps)).toEqual({ ok: true, value });
});

test.each([
  "", " ", "0", "-1", "+5", "1.5", "1e3", "0x10", "1,00", "5,0000", "NaN", "Infinity", "٥٠٠", "５００", "1000001", "9".repeat(400), "<b>500</b>", "null",
])("refuses %j as a number of steps, in words with the allowed range and an example", (text) => {
  const checked = checkSteps(text, limits.maxSteps);
  expect(checked.ok).toBe(false);
  const { message } = checked as { message: string };
  expect(message).toContain("from 1 to 1,000,000, for example 500");
  expect(message.length).toBeLessThan(160);
});

test("an empty seed is 0, and every whole number below 2^53 is a seed", () => {
  expect(checkSeed("", limits.maxSeed)).toEqual({ ok: true, value: 0 });
  expect(checkSeed("9007199254740991", limits.maxSeed)).toEqual({ ok: true, value: Number.MAX_SAFE_INTEGER });
  expect(checkSeed("9007199254740992", limits.maxSeed).ok).toBe(false);
});

test("an address names the run that its path and query name", () => {
  expect(readPlace("/propagation/500", "?seed=7", limits)).toEqual({ kind: "run", run: { steps: 500, seed: 7 } });
  expect(readPlace("/propagation/500", "", limits)).toEqual({ kind: "run", run: { steps: 500, seed: 0 } });
  expect(readPlace("/", "", limits)).toEqual({ kind: "start" });
  expect(readPlace("/propagation/%zz", "", limits)).toMatchObject({ kind: "bad", steps: "%zz" });
  expect(readPlace("/propagation/0", "", limits)).toMatchObject({ kind: "bad", message: expect.stringContaining("too small") as string });
});

test("a path leaves the default seed out and names everything else", () => {
  expect(pathOf({ steps: 500, seed: 0 })).toBe("/propagation/500");
  expect(pathOf({ steps: 500, seed: 7 }, "overview", { v: 1, from: 0, to: 470 })).toBe("/propagation/500/overview?seed=7&v=1&from=0&to=470");
});

test.each([
  FIRST_VIEW,
  { frame: "inertial", span: "all", step: 123, window: { x: -1.25, y: 0.5, width: 3e-4 } } as const,
  { ...FIRST_VIEW, window: { x: 1e5, y: -2e4, width: 54321 } },
])("a view survives the address: %j", (view) => {
  expect(readView(writeView(view))).toEqual(view);
});

test.each(["#frame=sideways&span=&step=-1&at=1,2", "#at=a,b,c", "#at=0,0,-1", "#", "#%"])("a fragment %j that is no view is the first view", (hash) => {
  expect(readView(hash)).toEqual(FIRST_VIEW);
});
