import { MAX_SEED } from "./contract";
import { badInput } from "./problem";

/** A validated request: which propagation. */
export interface Run {
  /** Completed steps, 1 … `MAX_STEPS`. */
  readonly steps: number;
  /** Seed of the random time steps, 0 … 2⁵³ − 1. */
  readonly seed: number;
  /** The Redis key, and the path under which dispatch and this service know the run. */
  readonly key: string;
}

/** The patterns of the contract, as the description of the API shows them. */
export const STEPS_PATTERN = "^[1-9][0-9]{0,6}$";
export const SEED_PATTERN = "^(0|[1-9][0-9]{0,15})$";

const STEPS = new RegExp(STEPS_PATTERN);
const SEED = new RegExp(SEED_PATTERN);

/** `propagation/<steps>`, and the seed where it is not the default. */
export function keyOf(steps: number, seed: number): string {
  return seed === 0 ? `propagation/${steps}` : `propagation/${steps}?seed=${seed}`;
}

/** @throws Problem 400 that names the value, the allowed range and an example. */
export function parseRun(steps: string, seed: string | undefined, maxSteps: number): Run {
  const count = STEPS.test(steps) ? Number(steps) : 0;
  if (count < 1 || count > maxSteps) {
    throw badInput("steps", steps, `a whole number from 1 to ${maxSteps}, in plain digits`, "/propagation/500");
  }
  const number = seed === undefined ? 0 : SEED.test(seed) ? Number(seed) : -1;
  if (number < 0 || number > MAX_SEED) {
    const allowed = `a whole number from 0 to ${MAX_SEED}, in plain digits`;
    throw badInput("seed", seed ?? "", allowed, "/propagation/500?seed=7");
  }
  return { steps: count, seed: number, key: keyOf(count, number) };
}
