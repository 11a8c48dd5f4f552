import { MAX_SEED } from "../contract";
import { badInput } from "../problem";

/** The canonical text of a number: no sign, no leading zero, no exponent, ASCII digits only. So one request has one key. */
const STEPS = /^[1-9][0-9]{0,6}$/;
const RUNS = /^[1-9][0-9]{0,5}$/;
const SEED = /^(0|[1-9][0-9]{0,15})$/;

/** @throws Problem 400 */
export function readSteps(text: string, most: number, example: string): number {
  const steps = STEPS.test(text) ? Number(text) : 0;
  if (steps < 1 || steps > most) throw badInput("steps", text, `a whole number from 1 to ${most}, in plain digits`, example);
  return steps;
}

/** @param most the most runs that are allowed for these steps @throws Problem 400 */
export function readRuns(text: string, most: number, steps: number, example: string): number {
  const runs = RUNS.test(text) ? Number(text) : 0;
  if (runs < 1 || runs > most) {
    throw badInput("runs", text, `a whole number from 1 to ${most} for ${steps} steps, in plain digits`, example);
  }
  return runs;
}

/** 0 where there is none. @throws Problem 400 */
export function readSeed(text: string | undefined, example: string): number {
  if (text === undefined) return 0;
  const seed = SEED.test(text) ? Number(text) : -1;
  if (seed < 0 || seed > MAX_SEED) {
    throw badInput("seed", text, `a whole number from 0 to ${MAX_SEED}, in plain digits`, `${example}?seed=7`);
  }
  return seed;
}

/** A path with its seed, where that is not the default. */
export function keyOf(path: string, seed: number): string {
  return seed === 0 ? path : `${path}?seed=${seed}`;
}
