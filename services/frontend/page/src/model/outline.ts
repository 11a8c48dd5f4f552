/**
 * What to draw for a window of many steps. While the satellite goes less than about once around in it, its extremes are
 * points on its way and are joined. If it goes around several times, joining them would draw a path nobody took: then
 * the window is an ellipse that touches the extremes, the outline of all its revolutions.
 */
import { EXACT } from "./kepler";
import type { Point } from "./overview";

export interface Outline {
  readonly cx: number;
  readonly cy: number;
  /** Half extents in x and y. */
  readonly rx: number;
  readonly ry: number;
  /** Correlation of the ellipse's axes, −1 … 1: 0 is upright. */
  readonly tilt: number;
  readonly from: number;
  readonly to: number;
}

/** Revolutions in one window from which on the extremes are no path. */
const REVOLUTIONS = 1.2;

/**
 * The outline of a window's points (in the planet's frame, μ = 1), or null where they are a path. `energyError`: the
 * greatest E/E0 − 1 of the window, thus its most tightly bound orbit.
 */
export function outline(points: readonly Point[], energyError: number): Outline | null {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last || points.length < 4) return null;
  let [left, right, low, high] = [first, first, first, first];
  for (const point of points) {
    if (point.x < left.x) left = point;
    if (point.x > right.x) right = point;
    if (point.y < low.y) low = point;
    if (point.y > high.y) high = point;
  }
  const rx = (right.x - left.x) / 2;
  const ry = (high.y - low.y) / 2;
  // Kepler's third law, with the semi-major axis that energy, extent and greatest distance each demand: near its
  // farthest point a satellite lingers in a small box without going around.
  const farthest = Math.max(...points.map(({ x, y }) => Math.hypot(x, y)));
  const bound = energyError > -1 ? EXACT.a / (1 + energyError) : Infinity;
  const period = 2 * Math.PI * Math.max(rx, ry, farthest / 2, bound) ** 1.5;
  if (last.t - first.t < REVOLUTIONS * period || rx === 0 || ry === 0) return null;
  const cx = (left.x + right.x) / 2;
  const cy = (low.y + high.y) / 2;
  // An ellipse in a box touches its sides at ±tilt of the half extents: each of the four points measures the tilt.
  const tilt = ((right.y - left.y) / (2 * ry) + (high.x - low.x) / (2 * rx)) / 2;
  return { cx, cy, rx, ry, tilt: Math.max(-0.98, Math.min(0.98, tilt)), from: first.t, to: last.t };
}

/** Point of an outline at a parameter angle. */
export function outlineAt({ cx, cy, rx, ry, tilt }: Outline, angle: number): { x: number; y: number } {
  return { x: cx + rx * Math.cos(angle), y: cy + ry * Math.sin(angle + Math.asin(tilt)) };
}
