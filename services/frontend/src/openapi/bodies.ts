const NUMBER = { type: "number" };
const COUNT = { type: "integer", minimum: 0 };
const DIGEST = { type: "string", pattern: "^[0-9a-f]{64}$" };

function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): Record<string, unknown> {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties };
}

const STATE = object({ time: NUMBER, timeStep: NUMBER, x: NUMBER, y: NUMBER, vx: NUMBER, vy: NUMBER });
const RECORD = {
  type: "array",
  minItems: 3,
  maxItems: 3,
  description: "[from, to, {agent: state}]: the state reached at `to`, held over [from, to). The first `from` is null: −∞.",
  items: {},
};

export const DATA_JSON = {
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
export { STATE };

const SIZE = object({ bytes: COUNT, raw: COUNT });
const ERRORS = object({ largest: NUMBER, last: NUMBER });
const STEP_OR_NULL = { type: ["integer", "null"] };

export const SUMMARY = {
  ...object({
    key: { type: "string" },
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
      ejected: STEP_OR_NULL,
      energyError: ERRORS,
      kepler: ERRORS,
      words: { type: "string" },
    }),
    sizes: object({ "data.json": SIZE, "data.js": SIZE, "data.arrow": SIZE, overview: SIZE }),
  }),
  examples: [
    {
      key: "propagation/500",
      seed: 0,
      steps: 500,
      engine: 1,
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
        "data.arrow": { bytes: 31235, raw: 46816 },
        overview: { bytes: 13498, raw: 64080 },
      },
    },
  ],
};

export const PROBLEM = {
  ...object(
    {
      type: { type: "string", description: "urn:porta:problem:…" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      value: { type: "string", maxLength: 32, description: "The beginning of what was sent" },
      allowed: { type: "string" },
      example: { type: "string" },
    },
    ["value", "allowed", "example"],
  ),
};

const NULLABLE = { type: ["number", "null"] };

export const ACCEPTED = {
  ...object({
    state: { type: "string", enum: ["computing"] },
    done: NULLABLE,
    total: NULLABLE,
    eta: { ...NULLABLE, description: "Seconds" },
    events: { type: "string", description: "Where to follow it" },
  }),
  examples: [{ state: "computing", done: 32768, total: 1000000, eta: 2.4, events: "/propagation/1000000/events" }],
};

export const EVENTS_EXAMPLE = `retry: 2000

event: progress
data: {"done":32768,"total":1000000,"rate":400000.0,"eta":2.4,"k":11,"windows":[{"first":8,"data":"…"}]}

event: ready
data: {"key":"propagation/1000000","seed":0,"steps":1000000,"verdict":{"words":"…"}}

`;
