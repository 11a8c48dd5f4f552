import type { Schema } from "./description";

/** The words that descriptions are made of. */
export const TEXT = { type: "string" };
export const BINARY = { type: "string", format: "binary" };
export const NUMBER = { type: "number" };
export const NUMBER_OR_NULL = { type: ["number", "null"] };
export const COUNT = { type: "integer", minimum: 0 };
export const COUNT_OR_NULL = { type: ["integer", "null"] };
export const DIGEST = { type: "string", pattern: "^[0-9a-f]{64}$" };

export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Record<string, unknown> {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

export const SIZE = object({ bytes: COUNT, raw: COUNT });

/** The parameter of every kind that counts steps. */
export function stepsParameter(most: number, example: number): Schema {
  return {
    type: "integer",
    minimum: 1,
    maximum: most,
    description: "Number of completed steps, in plain digits",
    examples: [example],
  };
}

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

export const ACCEPTED = object({
  state: { type: "string", enum: ["computing"] },
  done: NUMBER_OR_NULL,
  total: NUMBER_OR_NULL,
  eta: { ...NUMBER_OR_NULL, description: "Seconds" },
  events: { type: "string", description: "Where to follow it" },
});
