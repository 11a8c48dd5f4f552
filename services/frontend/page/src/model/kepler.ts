/**
 * The exact orbit beside which the computed one is shown: two bodies with μ = 1, in the planet's frame. Elements from
 * the state vector, place from Kepler's equation (Bate, Mueller & White, Fundamentals of Astrodynamics, 1971, ch. 2, 4).
 */

export interface Orbit {
  /** Semi-major axis, length units. */
  readonly a: number;
  readonly e: number;
  /** Time of one revolution, time units. */
  readonly period: number;
  /** Where the exact satellite is at time t, relative to the planet. */
  at(t: number): { x: number; y: number };
  /** The whole ellipse as `n` points, closed. */
  ellipse(n: number): { x: number; y: number }[];
}

/** The orbit through (x, y) with velocity (vx, vy) at time 0. Throws RangeError if it is not an ellipse. */
export function orbit(x: number, y: number, vx: number, vy: number): Orbit {
  const r = Math.hypot(x, y);
  const energy = (vx * vx + vy * vy) / 2 - 1 / r;
  const h = x * vy - y * vx;
  const a = -1 / (2 * energy);
  const ex = vy * h - x / r;
  const ey = -vx * h - y / r;
  const e = Math.hypot(ex, ey);
  if (!(energy < 0) || !(e < 1) || h === 0) throw new RangeError(`not an ellipse: energy ${String(energy)}, eccentricity ${String(e)}`);
  const b = a * Math.sqrt(1 - e * e) * Math.sign(h);
  // Axes of the ellipse: towards the periapsis, and a quarter turn on in the sense of motion.
  const [px, py] = e > 0 ? [ex / e, ey / e] : [x / r, y / r];
  const meanMotion = a ** -1.5;
  const place = (E: number) => {
    const along = a * (Math.cos(E) - e);
    const across = b * Math.sin(E);
    return { x: along * px - across * py, y: along * py + across * px };
  };
  const along = x * px + y * py;
  const across = y * px - x * py;
  const E0 = Math.atan2(across / b, along / a + e);
  const M0 = E0 - e * Math.sin(E0);
  return {
    a,
    e,
    period: (2 * Math.PI) / meanMotion,
    at: (t) => place(eccentricAnomaly(M0 + meanMotion * t, e)),
    ellipse: (n) => Array.from({ length: n + 1 }, (_, i) => place((2 * Math.PI * i) / n)),
  };
}

/** Solves M = E − e·sin E by Newton's method, from a start that converges for every e < 1 (Danby 1987). */
export function eccentricAnomaly(M: number, e: number): number {
  const turn = 2 * Math.PI;
  const m = M - turn * Math.round(M / turn);
  let E = m + 0.85 * e * Math.sign(m);
  for (let i = 0; i < 20; i += 1) {
    const step = (E - e * Math.sin(E) - m) / (1 - e * Math.cos(E));
    E -= step;
    if (Math.abs(step) < 1e-14) break;
  }
  return E + (M - m);
}

/** The default model's orbit: r = (0, 0.9), v = (0.9, 0) relative to the planet. */
export const EXACT = orbit(0, 0.9, 0.9, 0);
