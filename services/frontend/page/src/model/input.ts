/**
 * What a person may type, and what to say when it is something else. Nothing is sent before this agrees: the server
 * would refuse the same input, only later.
 */
import { count } from "./format";

/** A validated question: the trajectory of `steps` steps with `seed`. */
export interface Run {
  readonly steps: number;
  readonly seed: number;
}

export type Checked = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

interface Range {
  readonly noun: string;
  readonly least: number;
  readonly most: number;
  readonly example: string;
}

/** The server quotes at most 32 characters of bad input; so does the page. */
const QUOTED = 32;

/** Digits, or digits grouped by threes with commas or spaces as people write large numbers. */
const PLAIN = /^\d+$/;
const GROUPED = /^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?:[ \u00a0\u202f]\d{3})+$/;

export function checkSteps(text: string, maxSteps: number): Checked {
  return check(text, { noun: "number of steps", least: 1, most: maxSteps, example: String(Math.min(500, maxSteps)) });
}

/** An empty seed is the default one, 0. */
export function checkSeed(text: string, maxSeed: number): Checked {
  if (text.trim() === "") return { ok: true, value: 0 };
  return check(text, { noun: "seed", least: 0, most: maxSeed, example: "7" });
}

function check(text: string, { noun, least, most, example }: Range): Checked {
  const trimmed = text.trim();
  const way = `Type a whole number from ${count(least)} to ${count(most)}, for example ${example}.`;
  if (trimmed === "") return { ok: false, message: `The ${noun} is missing. ${way}` };
  const quoted = trimmed.length > QUOTED ? `${trimmed.slice(0, QUOTED)}…` : trimmed;
  if (!PLAIN.test(trimmed) && !GROUPED.test(trimmed)) {
    return { ok: false, message: `“${quoted}” is not a ${noun}. ${way}` };
  }
  const value = Number(trimmed.replace(/\D/g, ""));
  if (value < least) return { ok: false, message: `${quoted} is too small for a ${noun}. ${way}` };
  if (value > most) return { ok: false, message: `${quoted} is too large for a ${noun}. ${way}` };
  return { ok: true, value };
}
