import { ENGINE, MAX_SEED } from "../contract";
import type { Kind, Limits } from "../kinds/kind";
import { object } from "./schemas";

/** Schemas of parameters: for the description only. What is accepted is decided by the door (target.ts), more strictly. */
export function pathParameters({ description }: Kind, limits: Limits): object {
  return object(description.parameters(limits));
}

function seed({ description }: Kind): object {
  return {
    type: "integer",
    minimum: 0,
    maximum: MAX_SEED,
    default: 0,
    description: `${description.seed}, in plain digits`,
    examples: [7],
  };
}

const VERSION = {
  type: "integer",
  minimum: 0,
  description: `Engine that the asker expects. With the current one (${ENGINE}) the answer may be kept for ever`,
  examples: [ENGINE],
};

function query(properties: Readonly<Record<string, object>>): object {
  return { type: "object", additionalProperties: false, properties };
}

export function pageQuery(kind: Kind): object {
  return query({ seed: seed(kind) });
}

/** @param more what else this view's query may name */
export function dataQuery(kind: Kind, more: Readonly<Record<string, object>> = {}): object {
  return query({ seed: seed(kind), v: VERSION, ...more });
}
