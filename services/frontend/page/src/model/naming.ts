/** How a question and its result are called. */
import { count, plural, quantity } from "./format";
import { isEnsemble, type Question } from "./input";
import type { Progress, Result } from "./state";

/** "500 steps", "10,000 runs of 1,000 steps". */
export const nameOf = (question: Question): string =>
  isEnsemble(question) ? `${plural(question.runs, "run")} of ${plural(question.steps, "step")}` : plural(question.steps, "step");

/** "seed 7", "seeds 0 to 9,999". */
export const seedsOf = (question: Question): string =>
  isEnsemble(question) && question.runs > 1
    ? `seeds ${count(question.seed)} to ${count(question.seed + question.runs - 1)}`
    : `seed ${String(question.seed)}`;

/** What its progress counts. */
export const unitOf = (question: Question): string => (isEnsemble(question) ? "run" : "step");

/** "Waiting in line for the pool: 2 before it." for a computation that the pool has not begun; null for one that it has. */
export function lineOf({ place }: Progress): string | null {
  if (place === undefined) return null;
  return place === 1 ? "Waiting in line for the pool: it is next." : `Waiting in line for the pool: ${count(place - 1)} before it.`;
}

/** The size of a result. */
export const extentOf = (result: Result): string =>
  "runs" in result
    ? `${plural(result.runs * result.steps, "step")} in all`
    : `${quantity(result.time)} time units · ${plural(result.records, "record")}`;

/** How far to trust it, in the server's words. */
export const wordsOf = (result: Result): string => ("runs" in result ? result.words : result.verdict.words);
