/**
 * What a person may type, and what to say when it is something else. Nothing is sent before this agrees: the server
 * would refuse the same input, only later.
 */
import { count, plural } from "./format";

/** A validated question: the trajectory of `steps` steps with `seed`. */
export interface Run {
  readonly steps: number;
  readonly seed: number;
}

/** The other question: `runs` runs of `steps` steps with the seeds `seed`, `seed` + 1, …, reduced to what one looks at. */
export interface Ensemble extends Run {
  readonly runs: number;
}

export type Question = Run | Ensemble;

export const isEnsemble = (question: Question): question is Ensemble => "runs" in question;

/** What the server takes (docs/formats.md). */
export interface Limits {
  readonly maxSteps: number;
  readonly maxSeed: number;
  readonly maxRuns: number;
  /** Most steps of all runs of an ensemble together. */
  readonly maxEnsembleSteps: number;
}

/** A question as it stands in the form or the address. No runs: one run, with every step of it. */
export type Asked = Readonly<Record<"steps" | "runs" | "seed", string>>;

export type Answered =
  | { readonly ok: true; readonly question: Question }
  | { readonly ok: false; readonly about: keyof Asked; readonly message: string };

export type Checked = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

interface Range {
  readonly noun: string;
  readonly least: number;
  readonly most: number;
  readonly example: string;
}

/** The server quotes at most 32 characters of bad input; so does the page. */
const QUOTED = 32;

export const quote = (text: string): string => (text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text);

/** Digits, or digits grouped by threes with commas or spaces as people write large numbers. */
const PLAIN = /^\d+$/;
const GROUPED = /^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?:[ \u00a0\u202f]\d{3})+$/;

/** Checks a whole question, field by field; the first that does not hold is what is said. */
export function check(asked: Asked, limits: Limits): Answered {
  const steps = checkSteps(asked.steps, limits.maxSteps);
  if (!steps.ok) return { ...steps, about: "steps" };
  const one = asked.runs.trim() === "";
  const runs = one ? null : checkRuns(asked.runs, limits, steps.value);
  if (runs && !runs.ok) return { ...runs, about: "runs" };
  const seed = checkSeed(asked.seed, limits.maxSeed - (runs ? runs.value - 1 : 0));
  if (!seed.ok) return { ...seed, about: "seed" };
  const run = { steps: steps.value, seed: seed.value };
  return { ok: true, question: runs ? { ...run, runs: runs.value } : run };
}

/** The most runs that an ensemble of so many steps may have; 0 where the steps alone are too many. */
export const mostRuns = (steps: number, { maxRuns, maxEnsembleSteps }: Limits): number =>
  Math.min(maxRuns, Math.floor(maxEnsembleSteps / steps));

export function checkSteps(text: string, maxSteps: number): Checked {
  return range(text, { noun: "number of steps", least: 1, most: maxSteps, example: String(Math.min(500, maxSteps)) });
}

/** How many runs there may be depends on how many steps each has. */
export function checkRuns(text: string, limits: Limits, steps: number): Checked {
  const checked = range(text, { noun: "number of runs", least: 1, most: limits.maxRuns, example: String(Math.min(1000, limits.maxRuns)) });
  const most = mostRuns(steps, limits);
  if (!checked.ok || checked.value <= most) return checked;
  const { value: runs } = checked;
  const way = most > 0 ? `At ${plural(steps, "step")} each, ask for at most ${plural(most, "run")}` : `Ask for at most ${plural(limits.maxEnsembleSteps, "step")}`;
  const fewer = Math.floor(limits.maxEnsembleSteps / runs);
  const other = most > 0 && fewer > 0 ? `, or for ${count(runs)} runs of at most ${plural(fewer, "step")}` : "";
  const all = `${plural(runs, "run")} of ${plural(steps, "step")} are ${count(runs * steps)} steps in all`;
  return { ok: false, message: `${all}, more than the ${count(limits.maxEnsembleSteps)} of an ensemble. ${way}${other}.` };
}

/** An empty seed is the default one, 0. */
export function checkSeed(text: string, maxSeed: number): Checked {
  if (text.trim() === "") return { ok: true, value: 0 };
  return range(text, { noun: "seed", least: 0, most: maxSeed, example: "7" });
}

function range(text: string, { noun, least, most, example }: Range): Checked {
  const trimmed = text.trim();
  const way = `Type a whole number from ${count(least)} to ${count(most)}, for example ${example}.`;
  if (trimmed === "") return { ok: false, message: `The ${noun} is missing. ${way}` };
  const quoted = quote(trimmed);
  if (!PLAIN.test(trimmed) && !GROUPED.test(trimmed)) {
    return { ok: false, message: `“${quoted}” is not a ${noun}. ${way}` };
  }
  const value = Number(trimmed.replace(/\D/g, ""));
  if (value < least) return { ok: false, message: `${quoted} is too small for a ${noun}. ${way}` };
  if (value > most) return { ok: false, message: `${quoted} is too large for a ${noun}. ${way}` };
  return { ok: true, value };
}
