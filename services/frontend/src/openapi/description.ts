import type { Limits } from "../kinds/kind";
import type { Product } from "../products";

export type Schema = Readonly<Record<string, unknown>>;

/** A body that a kind of computation is served as. */
export interface BodyDescription {
  /** Of the route, in a few words. */
  readonly summary: string;
  readonly description: string;
  readonly schema: Schema;
}

/** How a kind of computation is described in /openapi.json; every body has an example. */
export interface Description {
  /** What it is, in a sentence. */
  readonly about: string;
  /** What the seed is to it. */
  readonly seed: string;
  /** Schemas of the path's parameters, in their order. */
  readonly parameters: (limits: Limits) => Readonly<Record<string, Schema>>;
  /** Schemas of what the overview's query may name beside seed and engine. */
  readonly overviewQuery: (limits: Limits) => Readonly<Record<string, Schema>>;
  readonly products: Readonly<Partial<Record<Product, BodyDescription>>>;
  /** The members of a progress event, and an example of a whole stream. */
  readonly progress: string;
  readonly events: string;
  /** An example of an answer that says: not yet. */
  readonly accepted: Schema;
}
