import type { Config } from "../config";
import type { Description } from "../openapi/description";
import type { ChunkKind, Product } from "../products";
import type { Ready } from "../ready";
import type { ResultStore } from "../store";

/** What may be asked for at most. */
export type Limits = Pick<Config, "maxSteps" | "maxRuns" | "maxEnsembleSteps">;

/** A query's names, each at most once, with their texts as they came. */
export type Query = Readonly<Record<string, string | undefined>>;

/** How far the pool is with a computation, in the units of its kind, which adds what a picture needs. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Units a second, and seconds to go; null until known. */
  readonly rate: number | null;
  readonly eta: number | null;
  /** The place in line, 1 is next, where the pool has not begun yet. */
  readonly place?: number;
}

/** A validated request: what the pool computes, and the cache keeps, under one key. */
export interface Computation {
  readonly kind: Kind;
  /** The Redis key: the path and the query without defaults, under which dispatch and this service know it too. */
  readonly key: string;
  /** How many segments its manifest lists. */
  readonly segments: number;
}

/** Part of an overview, in more detail than the stored one has. */
export interface Detail {
  readonly from: number;
  readonly to: number;
  /** Makes it from what is stored; null where something is missing or damaged. @throws Problem 503 */
  make(store: ResultStore): Promise<Ready | null>;
}

/** What a URL asks for, apart from the view of it. */
export interface Asked {
  readonly computation: Computation;
  /** Null: all of it. */
  readonly detail: Detail | null;
}

/**
 * A kind of computation. All that routes, cache, flights and metrics know of one is here: another kind is an object like
 * this and a line in the list (index.ts).
 */
export interface Kind {
  /** First part of path, key and file name; what metrics and problems call it. */
  readonly name: string;
  /** Names of the other parts of its path. */
  readonly parameters: readonly string[];
  /** What its query may name where the overview is asked for, beside seed and engine. */
  readonly overviewQuery: readonly string[];
  readonly products: readonly Product[];
  /** The chunks that each segment of a result has. */
  readonly chunks: readonly ChunkKind[];
  /** The most seconds after which a client that was held in vain is asked to come again. */
  readonly longestPause: number;
  /** A path that works. */
  readonly example: string;
  /** For /openapi.json and /docs. */
  readonly description: Description;
  /**
   * Checks what came over the wire.
   *
   * @param path the texts of the parameters
   * @throws Problem 400 that names the value, the allowed range and an example
   */
  parse(path: readonly string[], query: Query, limits: Limits): Asked;
  /** Everything so far, once `news` have come: what one who joins now has to be told. `whole`: everything before. */
  accumulate(whole: Progress | null, news: Progress): Progress;
}
