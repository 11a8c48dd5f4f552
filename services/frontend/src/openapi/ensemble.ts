import { ENGINE } from "../contract";
import type { Description } from "./description";
import { BINARY, COUNT, COUNT_OR_NULL, DIGEST, list, NUMBER, NUMBER_OR_NULL, object, SIZE, stepsParameter, TEXT } from "./schemas";

const LEVELS = ["min", "p5", "p25", "p50", "p75", "p95", "max"];
const QUANTITIES = ["planet_x", "planet_y", "satellite_x", "satellite_y", "distance"];

function each(names: readonly string[], schema: Record<string, unknown>): Record<string, unknown> {
  return object(Object.fromEntries(names.map((name) => [name, schema])));
}

const BAND = object({
  runs: { ...list(COUNT), description: "Runs that have a value there" },
  ...Object.fromEntries(LEVELS.map((level) => [level, list(NUMBER_OR_NULL)])),
});
const QUANTILES = each(LEVELS, NUMBER_OR_NULL);

/** The levels of two numbers, where each level is a list of one. */
const pair = (least: number, greatest: number): Record<string, number[]> =>
  Object.fromEntries(LEVELS.map((level, index) => [level, [index < 4 ? least : greatest]]));

const DATA_JSON = {
  ...object({
    seed: COUNT,
    steps: COUNT,
    runs: COUNT,
    levels: list({ type: "string", enum: LEVELS }),
    times: { ...list(NUMBER), description: "Where the bands are sampled" },
    bands: each(QUANTITIES, BAND),
    marks: { ...list(COUNT), description: "Steps at which energy error and ejections are told" },
    energy_error: each(LEVELS, list(NUMBER_OR_NULL)),
    ejected: { ...list(COUNT), description: "Runs that are ejected by that step" },
  }),
  examples: [
    {
      seed: 0,
      steps: 1,
      runs: 2,
      levels: LEVELS,
      times: [0],
      bands: {
        planet_x: { runs: [2], ...pair(0, 0) },
        planet_y: { runs: [2], ...pair(0.1, 0.1) },
        satellite_x: { runs: [2], ...pair(0, 0) },
        satellite_y: { runs: [2], ...pair(1, 1) },
        distance: { runs: [2], ...pair(0.9, 0.9) },
      },
      marks: [1],
      energy_error: pair(0, 0.0001),
      ejected: [0],
    },
  ],
};

const SUMMARY = {
  ...object({
    key: TEXT,
    seed: COUNT,
    steps: COUNT,
    runs: COUNT,
    engine: COUNT,
    hash: DIGEST,
    trusted1: { ...QUANTILES, description: "Steps that can be trusted to 1 %: exact quantiles over the runs" },
    trusted5: { ...QUANTILES, description: "The same to 5 %" },
    ejected: object({ runs: COUNT, share: NUMBER, median: { ...COUNT_OR_NULL, description: "First step by which half of all runs are ejected" } }),
    closest: object({ distance: NUMBER, seed: COUNT, step: COUNT, quantiles: QUANTILES }),
    largestError: { ...QUANTILES, description: "Of the magnitude of each run's largest energy error" },
    bound: { ...object({ relative: NUMBER, absolute: NUMBER }), description: "How far off the bands' quantiles may be: whichever is more" },
    words: TEXT,
    sizes: object({ "data.json": SIZE, "data.arrow": SIZE, overview: SIZE }),
  }),
  examples: [
    {
      key: "ensemble/10000/1000",
      seed: 0,
      steps: 10000,
      runs: 1000,
      engine: ENGINE,
      hash: "4ecd8d06199abeb5093393caec70d123eb94547009c7cf5d8363b7d2bedbab84",
      trusted1: { min: 7, p5: 9, p25: 12, p50: 14, p75: 16, p95: 19, max: 28 },
      trusted5: { min: 33, p5: 42, p25: 132, p50: 304, p75: 615, p95: 1356, max: 10000 },
      ejected: { runs: 2, share: 0.002, median: null },
      closest: {
        distance: 0.3225,
        seed: 977,
        step: 9562,
        quantiles: { min: 0.3225, p5: 0.3681, p25: 0.4179, p50: 0.4543, p75: 0.4875, p95: 0.5136, max: 0.526 },
      },
      largestError: { min: 0.0498, p5: 0.1024, p25: 0.1521, p50: 0.24, p75: 0.4234, p95: 0.8108, max: 1.3598 },
      bound: { relative: 0.0009765625, absolute: 5.960464477539063e-8 },
      words: "Half of the 1,000 runs of 10,000 steps can be trusted to 1 % for 14 steps or more, to 5 % for 304 steps or more. …",
      sizes: {
        "data.json": { bytes: 65109, raw: 177495 },
        "data.arrow": { bytes: 48497, raw: 121650 },
        overview: { bytes: 29205, raw: 51264 },
      },
    },
  ],
};

export const ENSEMBLE: Description = {
  about: "Many runs of the model, with one seed and those that follow it, reduced to bands, quantiles and an ejection curve",
  seed: "Seed of the first run; the others have those that follow",
  parameters: ({ maxSteps, maxRuns, maxEnsembleSteps }) => ({
    steps: stepsParameter(Math.min(maxSteps, maxEnsembleSteps), 10_000),
    runs: {
      type: "integer",
      minimum: 1,
      maximum: maxRuns,
      description: `Number of runs, in plain digits; steps × runs ≤ ${maxEnsembleSteps}`,
      examples: [1_000],
    },
  }),
  overviewQuery: () => ({}),
  products: {
    "data.json": {
      summary: "Bands, quantiles and ejections as JSON",
      description: "Percentile bands of both orbits over time, the energy error's over steps, the ejection curve",
      schema: DATA_JSON,
    },
    "data.arrow": {
      summary: "Bands, quantiles and ejections as Arrow",
      description: "The same as one table, an Arrow IPC file (Feather): quantity, time, step, runs, min … max, ejected",
      schema: { ...BINARY, examples: ["ARROW1…"] },
    },
    overview: {
      summary: "What a picture of the ensemble needs",
      description: "At most 52 KiB at any number of steps and runs; docs/formats.md has the layout",
      schema: { ...BINARY, examples: ["porta/en…"] },
    },
    summary: {
      summary: "How long runs can be trusted, ejections, closest approach, the hash, the sizes",
      description: "What one says of the ensemble in a few numbers",
      schema: SUMMARY,
    },
  },
  progress: "{done, total, rate, eta, overview}, in runs, and place while it waits in line; a later overview replaces an earlier one, null leaves it",
  events: `retry: 2000

event: progress
data: {"done":3000,"total":10000,"rate":5200.0,"eta":1.3,"overview":"…"}

event: ready
data: {"key":"ensemble/10000/10000","seed":0,"steps":10000,"runs":10000,"words":"…"}

`,
  accepted: { state: "computing", done: 3000, total: 10000, eta: 1.3, events: "/ensemble/10000/10000/events" },
};
