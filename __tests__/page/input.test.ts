import { readPlace, readView, writeView, pathOf, FIRST_VIEW } from "../../services/frontend/page/src/model/address";
import { check, checkRuns, checkSeed, checkSteps, type Limits, mostRuns } from "../../services/frontend/page/src/model/input";

const limits: Limits = { maxSteps: 1_000_000, maxSeed: Number.MAX_SAFE_INTEGER, maxRuns: 100_000, maxEnsembleSteps: 10_000_000_000 };

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

describe("an ensemble", () => {
  const asked = { steps: "10,000", runs: "1,000", seed: "7" };

  test("is what is asked for where a number of runs is given, a run otherwise", () => {
    expect(check(asked, limits)).toEqual({ ok: true, question: { steps: 10_000, runs: 1000, seed: 7 } });
    expect(check({ ...asked, runs: " " }, limits)).toEqual({ ok: true, question: { steps: 10_000, seed: 7 } });
  });

  test.each(["0", "-1", "1e3", "100001", "many", "1.5"])("of %j runs is refused in words at that field", (runs) => {
    const checked = check({ ...asked, runs }, limits);
    expect(checked).toMatchObject({ ok: false, about: "runs" });
    expect((checked as { message: string }).message).toContain("Type a whole number from 1 to 100,000, for example 1000.");
  });

  test("of too many steps in all is refused with the most runs of so many steps, and the most steps of so many runs", () => {
    expect(mostRuns(1_000_000, limits)).toBe(10_000);
    expect(mostRuns(500, limits)).toBe(100_000);
    expect(checkRuns("10,000", limits, 1_000_000)).toEqual({ ok: true, value: 10_000 });
    expect(checkRuns("20,000", limits, 1_000_000)).toEqual({
      ok: false,
      message:
        "20,000 runs of 1,000,000 steps are 20,000,000,000 steps in all, more than the 10,000,000,000 of an ensemble. " +
        "At 1,000,000 steps each, ask for at most 10,000 runs, or for 20,000 runs of at most 500,000 steps.",
    });
  });

  test("of which no single run fits is refused with the most steps", () => {
    const checked = checkRuns("2", { ...limits, maxEnsembleSteps: 300 }, 500);
    expect((checked as { message: string }).message).toMatch(/more than the 300 of an ensemble\. Ask for at most 300 steps\.$/);
  });

  test("has no seed beyond the last one", () => {
    expect(check({ ...asked, seed: "9007199254739992" }, limits).ok).toBe(true);
    const checked = check({ ...asked, seed: "9007199254739993" }, limits);
    expect(checked).toMatchObject({ ok: false, about: "seed", message: expect.stringContaining("from 0 to 9,007,199,254,739,992") as string });
  });
});

test("an address names the question that its path and query name", () => {
  expect(readPlace("/propagation/500", "?seed=7", limits)).toEqual({ kind: "question", question: { steps: 500, seed: 7 } });
  expect(readPlace("/propagation/500", "", limits)).toEqual({ kind: "question", question: { steps: 500, seed: 0 } });
  expect(readPlace("/ensemble/500/1000", "?seed=7", limits)).toEqual({ kind: "question", question: { steps: 500, runs: 1000, seed: 7 } });
  expect(readPlace("/ensemble/500/1", "", limits)).toEqual({ kind: "question", question: { steps: 500, runs: 1, seed: 0 } });
  expect(readPlace("/", "", limits)).toEqual({ kind: "start" });
  expect(readPlace("/propagation/%zz", "", limits)).toMatchObject({ kind: "bad", asked: { steps: "%zz" }, about: "steps" });
  expect(readPlace("/propagation/0", "", limits)).toMatchObject({ kind: "bad", message: expect.stringContaining("too small") as string });
  expect(readPlace("/ensemble/500/many", "", limits)).toMatchObject({ kind: "bad", asked: { steps: "500", runs: "many" }, about: "runs" });
  expect(readPlace("/ensemble/500", "", limits)).toEqual({ kind: "start" });
});

test.each(["?sead=7", "?Seed=7", "?seed[]=7", "?utm_source=x&amp;seed=7", "?seed=1&seed=2", "?seed=7&seed=7", `?seed%3D${"7".repeat(99)}`])(
  "an address with the query %s, which misspells or repeats the seed, is refused with the reason at the seed",
  (search) => {
    const place = readPlace("/propagation/500", search, limits);
    expect(place).toMatchObject({ kind: "bad", asked: { steps: "500" }, about: "seed" });
    expect((place as { message: string }).message).toMatch(
      /^The address (says “[^”]{1,33}”, which is not one of its names\. Did you mean a seed, for example \?seed=7\?|names more than one seed)/,
    );
  },
);

test.each(["utm_source=newsletter", "fbclid=x&gclid=y", "_=1732900000", "v=1", "x", "%zz=1", "x".repeat(99), "ref=a&ref=b", "&"])(
  "an address with the foreign names %s asks for the question without them",
  (foreign) => {
    expect(readPlace("/propagation/500", `?seed=7&${foreign}`, limits)).toEqual({ kind: "question", question: { steps: 500, seed: 7 } });
    expect(readPlace("/ensemble/500/10", `?${foreign}`, limits)).toEqual({ kind: "question", question: { steps: 500, runs: 10, seed: 0 } });
  },
);

test("a path leaves the default seed out and names everything else", () => {
  expect(pathOf({ steps: 500, seed: 0 })).toBe("/propagation/500");
  expect(pathOf({ steps: 500, runs: 1000, seed: 7 }, "data.json")).toBe("/ensemble/500/1000/data.json?seed=7");
  expect(pathOf({ steps: 500, seed: 7 }, "overview", { v: 1, from: 0, to: 470 })).toBe("/propagation/500/overview?seed=7&v=1&from=0&to=470");
});

test.each([
  FIRST_VIEW,
  { frame: "inertial", span: "all", step: 123, window: { x: -1.25, y: 0.5, width: 3e-4 } } as const,
  { ...FIRST_VIEW, window: { x: 1e5, y: -2e4, width: 54321 } },
])("a view survives the address: %j", (view) => {
  expect(readView(writeView(view))).toEqual(view);
});

test.each(["#frame=sideways&span=&step=-1&at=1,2", "#at=a,b,c", "#at=0,0,-1", "#at=10,0,4e-15", "#at=0,0,1e10", "#at=1e10,0,1", "#at=0,-Infinity,1", "#", "#%"])("a fragment %j that is no view is the first view", (hash) => {
  expect(readView(hash)).toEqual(FIRST_VIEW);
});
