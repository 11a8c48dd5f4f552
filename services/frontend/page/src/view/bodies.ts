/** Where the bodies are at a moment, from what is known of the track. */
import { EXACT } from "../model/kepler";
import type { Track } from "../model/track";
import { type Limits, trust } from "../model/verdict";
import type { Bodies } from "./markers";
import type { Palette } from "./palette";
import { trustColor } from "./picture";

/** The satellite's trail covers so much of a revolution. */
const TRAIL = 0.3 * EXACT.period;
/** Windows of up to 2^2 steps are fine enough for a body's place and trail. */
export const FINE = 2;

export interface Moment {
  readonly time: number;
  readonly step: number;
  /** Steps on view. */
  readonly steps: number;
}

export function bodiesAt(track: Track, limits: Limits, { time, step, steps }: Moment, palette: Palette): Bodies {
  const level = trust(limits, step);
  const satellite = track.at(time);
  const from = track.stepAt(Math.max(0, time - TRAIL), steps);
  const trail = track
    .pieces(from, step)
    .filter(({ windows }) => windows.k <= FINE)
    .flatMap(({ windows, first, last }) => Array.from({ length: last - first }, (_, i) => track.points(windows, first + i)).flat())
    .filter(({ t }) => t >= time - TRAIL && t < time);
  return {
    time,
    satellite,
    satelliteColor: trustColor(palette, level),
    compare: level < 2,
    trail: satellite ? [...trail, satellite] : trail,
  };
}

/** On the start page the exact satellite goes round. */
export const greeting = (time: number, palette: Palette): Bodies => ({
  time,
  satellite: { t: time, ...EXACT.at(time) },
  satelliteColor: palette.trusted5,
  compare: false,
  trail: [],
});

/** While a run grows, the planet alone stands: where the satellite is "now" would be a matter of chance. */
export const planetAlone = (time: number): Bodies => ({ time, satellite: null, satelliteColor: "", compare: false, trail: [] });
