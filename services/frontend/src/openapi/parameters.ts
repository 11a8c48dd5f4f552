import { ENGINE, MAX_SEED } from "../contract";
import type { Kind, Limits } from "../kinds/kind";
import { object, TEXT } from "./schemas";

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

/** Headers with which a client goes on with a download that broke off. */
export const RANGE_HEADERS = object(
  {
    Range: {
      ...TEXT,
      description: "One range of bytes of the body in the encoding that is sent. Of several ranges, the whole body comes",
      examples: ["bytes=1000-"],
    },
    "If-Range": {
      ...TEXT,
      description: "The ETag of what the client has: if the body is another one, all of it comes",
      examples: ['"kGR3TJkZx0LCQv6qzKXb1w-identity"'],
    },
  },
  ["Range", "If-Range"],
);
