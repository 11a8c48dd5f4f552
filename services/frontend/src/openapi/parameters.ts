import { ENGINE, MAX_SEED } from "../contract";
import type { Kind, Limits } from "../kinds/kind";
import { object } from "./schemas";

/** Schemas of parameters: for the description only. What is accepted is decided by the door (target.ts), more strictly. */
export function pathParameters({ description }: Kind, limits: Limits): object {
  return object(description.parameters(limits));
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

function query(properties: Readonly<Record<string, object>>): object {
  return { type: "object", additionalProperties: false, properties };
}

export const PAGE_QUERY = query({ seed: SEED });
export const DATA_QUERY = query({ seed: SEED, v: VERSION });

export function overviewQuery({ description }: Kind, limits: Limits): object {
  return query({ seed: SEED, v: VERSION, ...description.overviewQuery(limits) });
}
