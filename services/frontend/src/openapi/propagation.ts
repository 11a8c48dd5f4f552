import { ENGINE } from "../contract";
import type { Description } from "./description";
import { BINARY, COUNT, COUNT_OR_NULL, DIGEST, NUMBER, object, SIZE, stepsParameter, TEXT } from "./schemas";

const RECORD = {
  type: "array",
  minItems: 3,
  maxItems: 3,
  description: "[from, to, {agent: state}]: the state reached at `to`, held over [from, to). The first `from` is null: −∞.",
  items: {},
};

const DATA_JSON = {
  ...object({ seed: COUNT, steps: COUNT, records: { type: "array", items: RECORD } }),
  examples: [
    {
      seed: 0,
      steps: 1,
      records: [
        [null, 0, { Planet: { time: 0, timeStep: 0.01, x: 0, y: 0.1, vx: 0.1, vy: 0 } }],
        [0, 0.01, { Planet: { time: 0.01, timeStep: 0.068, x: 0.001, y: 0.1, vx: 0.1, vy: 0 } }],
      ],
    },
  ],
};

const ERRORS = object({ largest: NUMBER, last: NUMBER });

const SUMMARY = {
  ...object({
    key: TEXT,
    seed: COUNT,
    steps: COUNT,
    engine: COUNT,
    records: COUNT,
    skipped: object({ Planet: COUNT, Satellite: COUNT }),
    time: NUMBER,
    hash: DIGEST,
    verdict: object({
      trusted1: COUNT,
      trusted5: COUNT,
      ejected: COUNT_OR_NULL,
      energyError: ERRORS,
      kepler: ERRORS,
      words: TEXT,
    }),
    sizes: object({ "data.json": SIZE, "data.js": SIZE, "data.arrow": SIZE, overview: SIZE }),
  }),
  examples: [
    {
      key: "propagation/500",
      seed: 0,
      steps: 500,
      engine: ENGINE,
      records: 797,
      skipped: { Planet: 97, Satellite: 107 },
      time: 21.801295240136866,
      hash: "43344629731492329b819337822d0c1767104c0e8f6c6ce0c1caba124ce70edf",
      verdict: {
        trusted1: 16,
        trusted5: 470,
        ejected: null,
        energyError: { largest: -0.062, last: -0.0233 },
        kepler: { largest: 0.211, last: 0.168 },
        words: "The first 470 of 500 steps can be trusted to 5 %, the first 16 to 1 %.",
      },
      sizes: {
        "data.json": { bytes: 43900, raw: 144947 },
        "data.js": { bytes: 43890, raw: 144927 },
        "data.arrow": { bytes: 31559, raw: 47522 },
        overview: { bytes: 13499, raw: 64080 },
      },
    },
  ],
};

function bound(description: string, maxSteps: number, example: number): Record<string, unknown> {
  return { type: "integer", minimum: 0, maximum: maxSteps, description, examples: [example] };
}

export const PROPAGATION: Description = {
  about: "One run of the model: a number of steps, and a seed",
  seed: "Seed of the random time steps",
  parameters: ({ maxSteps }) => ({ steps: stepsParameter(maxSteps, 500) }),
  overviewQuery: ({ maxSteps }) => ({
    from: bound("First completed step of the range; 0 without it", maxSteps, 0),
    to: bound("End of the range, exclusive; the number of steps without it", maxSteps, 200),
  }),
  products: {
    "data.json": { summary: "All records as JSON", description: "Every record, as JSON", schema: DATA_JSON },
    "data.js": {
      summary: "All records as a script",
      description: "Every record, for a script tag: `data = [[-Infinity,0,{…}], …];`",
      schema: { ...TEXT, examples: ['data = [[-Infinity,0,{"Planet":{"time":0,"timeStep":0.01,"x":0,"y":0.1,"vx":0.1,"vy":0}}]];'] },
    },
    "data.arrow": {
      summary: "All records as Arrow",
      description: "Every record, as an Arrow IPC file (Feather): agent, from, to, time_step, x, y, vx, vy",
      schema: { ...BINARY, examples: ["ARROW1…"] },
    },
    overview: {
      summary: "What a picture of the run, or of a range of it, needs",
      description: "At most 64 KiB at any number of steps: windows of 2^k steps; docs/formats.md has the layout",
      schema: { ...BINARY, examples: ["porta/ov…"] },
    },
    summary: {
      summary: "The verdict, the hash, the sizes",
      description: "What the result is and how far it can be trusted",
      schema: SUMMARY,
    },
  },
  progress: "{done, total, rate, eta, k, windows}, in steps, and place while it waits in line; windows are told once",
  events: `retry: 2000

event: progress
data: {"done":32768,"total":1000000,"rate":400000.0,"eta":2.4,"k":11,"windows":[{"first":8,"data":"…"}]}

event: ready
data: {"key":"propagation/1000000","seed":0,"steps":1000000,"verdict":{"words":"…"}}

`,
  accepted: { state: "computing", done: 32768, total: 1000000, eta: 2.4, events: "/propagation/1000000/events" },
};
