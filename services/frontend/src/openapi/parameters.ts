import { ENGINE, MAX_SEED } from "../contract";

/** Schemas of parameters: for the description only. What is accepted is decided by the door (target.ts), more strictly. */
export function stepsParameter(maxSteps: number): object {
  return {
    type: "object",
    required: ["steps"],
    properties: {
      steps: {
        type: "integer",
        minimum: 1,
        maximum: maxSteps,
        description: "Number of completed steps, in plain digits",
        examples: [500],
      },
    },
  };
}

const SEED = {
  type: "integer",
  minimum: 0,
  maximum: MAX_SEED,
  default: 0,
  description: "Seed of the random time steps, in plain digits",
  examples: [7],
};

const VERSION = {
  type: "integer",
  minimum: 0,
  description: `Engine that the asker expects. With the current one (${ENGINE}) the answer may be kept for ever`,
  examples: [ENGINE],
};

function bound(description: string, maxSteps: number, example: number): object {
  return { type: "integer", minimum: 0, maximum: maxSteps, description, examples: [example] };
}

function query(properties: Readonly<Record<string, object>>): object {
  return { type: "object", additionalProperties: false, properties };
}

export const PAGE_QUERY = query({ seed: SEED });
export const DATA_QUERY = query({ seed: SEED, v: VERSION });

export function overviewQuery(maxSteps: number): object {
  return query({
    seed: SEED,
    v: VERSION,
    from: bound("First completed step of the range; 0 without it", maxSteps, 0),
    to: bound("End of the range, exclusive; the number of steps without it", maxSteps, 200),
  });
}
