/** Draws the orbits: the satellite's path by trust, the exact orbit dashed beside it, the planet's way. */
import type { Frame } from "../model/address";
import { EXACT } from "../model/kepler";
import { type Outline, outlineAt } from "../model/outline";
import type { Motion, Point } from "../model/overview";
import type { Trust } from "../model/verdict";
import type { Box, Viewport } from "../model/viewport";
import { drawAxes } from "./axes";
import type { Palette } from "./palette";
import { inertial, type Strands } from "./strands";

export interface Scene {
  readonly frame: Frame;
  readonly motion: Motion;
  readonly strands: Strands | null;
  /** The time up to which the exact orbit and the planet's way are drawn in the inertial frame. */
  readonly endTime: number;
}

/** So many outlines over each other need no filling, which is what costs most where no graphics card helps. */
const MANY_OUTLINES = 40;
/** From so many points on, a strand is dense; it is then drawn in pieces of so many points. */
const DENSE = 900;
const DENSE_PIECE = 48;
/** Lengths of path in pixels between points that a curve, not a line, should join. */
const CURVE_PIXELS = 7;
const AXES = {
  planet: "x, y from the planet [length units]",
  inertial: "x, y [length units]",
};

export const trustColor = (palette: Palette, trust: Trust): string => [palette.trusted1, palette.trusted5, palette.beyond][trust] ?? palette.trusted5;

/** The extent that a fitted picture shows: the path, and the whole exact orbit. */
export function extent(scene: Scene): Box {
  const { frame, motion, endTime, strands } = scene;
  const exact = EXACT.ellipse(64);
  const shift = frame === "inertial" ? [0, motion.vx * endTime] : [0, 0];
  const lift = frame === "inertial" ? motion.y : 0;
  const xs = exact.flatMap(({ x }) => shift.map((by) => x + by));
  const ys = exact.map(({ y }) => y + lift);
  const box = { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
  const path = strands?.boxes[frame];
  if (!path) return box;
  return {
    left: Math.min(box.left, path.left),
    right: Math.max(box.right, path.right),
    bottom: Math.min(box.bottom, path.bottom),
    top: Math.max(box.top, path.top),
  };
}

export function drawPicture(context: CanvasRenderingContext2D, viewport: Viewport, scene: Scene, palette: Palette): void {
  drawAxes(context, viewport, palette, AXES[scene.frame]);
  context.lineJoin = "round";
  context.lineCap = "round";
  const place = placer(viewport, scene);
  const { strands = [], outlines = [] } = scene.strands ?? {};
  const many = outlines.length > MANY_OUTLINES;
  for (const { trust, outline } of outlines) drawOutline(context, viewport, scene, outline, { color: trustColor(palette, trust), filled: !many });
  // What can be trusted lies over what cannot.
  for (const strand of strands.toSorted((a, b) => b.trust - a.trust)) {
    context.strokeStyle = trustColor(palette, strand.trust);
    drawStrand(context, strand.points, place, strand.points.length + outlines.length > DENSE);
  }
  context.globalAlpha = 1;
  drawExact(context, viewport, scene, palette);
  drawPlanetWay(context, viewport, scene, palette);
}

/** Where a path covers itself often, it is drawn thin and translucent, piece by piece, so that density shows. */
function drawStrand(context: CanvasRenderingContext2D, points: readonly Point[], place: Place, dense: boolean): void {
  context.lineWidth = dense ? 1.2 : 1.6;
  context.globalAlpha = dense ? 0.7 : 1;
  const length = dense ? DENSE_PIECE : points.length;
  for (let start = 0; start < points.length; start += length) {
    context.beginPath();
    trace(context, points.slice(start, start + length + 1), place);
    context.stroke();
  }
}

type Place = (point: Point) => { x: number; y: number };

export const placer = (viewport: Viewport, { frame, motion }: Pick<Scene, "frame" | "motion">): Place => (point) => {
  const { x, y } = frame === "inertial" ? inertial(motion, point) : point;
  return { x: viewport.x(x), y: viewport.y(y) };
};

/** Joins points: close ones by lines, others by Hermite curves whose tangents follow from the times (Catmull & Rom 1974). */
export function trace(context: CanvasRenderingContext2D, points: readonly Point[], place: Place): void {
  const placed = points.map(place);
  const tangent = (i: number) => {
    const [a, b] = [Math.max(0, i - 1), Math.min(points.length - 1, i + 1)];
    const dt = (points[b]?.t ?? 0) - (points[a]?.t ?? 0) || 1;
    return { x: ((placed[b]?.x ?? 0) - (placed[a]?.x ?? 0)) / dt, y: ((placed[b]?.y ?? 0) - (placed[a]?.y ?? 0)) / dt };
  };
  placed.forEach((to, i) => {
    const from = placed[i - 1];
    const dt = (points[i]?.t ?? 0) - (points[i - 1]?.t ?? 0);
    if (!from) context.moveTo(to.x, to.y);
    else if (Math.hypot(to.x - from.x, to.y - from.y) < CURVE_PIXELS) context.lineTo(to.x, to.y);
    else {
      const [start, end] = [tangent(i - 1), tangent(i)];
      const third = dt / 3;
      context.bezierCurveTo(
        from.x + start.x * third, from.y + start.y * third,
        to.x - end.x * third, to.y - end.y * third,
        to.x, to.y,
      );
    }
  });
}

function drawExact(context: CanvasRenderingContext2D, viewport: Viewport, { frame, motion, endTime }: Scene, palette: Palette): void {
  context.save();
  context.setLineDash([7, 5]);
  context.lineWidth = 1.6;
  context.strokeStyle = palette.exact;
  context.beginPath();
  if (frame === "planet") {
    for (const { x, y } of EXACT.ellipse(180)) context.lineTo(viewport.x(x), viewport.y(y));
    context.stroke();
  } else {
    drawExactInertial(context, viewport, motion, endTime, palette);
  }
  context.restore();
}

/** Where single revolutions are too small to be seen, the exact orbit is the band that it fills. */
function drawExactInertial(context: CanvasRenderingContext2D, viewport: Viewport, motion: Motion, endTime: number, palette: Palette): void {
  const { left, right } = viewport.box;
  const reach = EXACT.a * (1 + EXACT.e);
  const from = Math.max(0, (left - reach) / motion.vx);
  const to = Math.min(endTime, (right + reach) / motion.vx);
  if (to <= from) return;
  if (EXACT.period * motion.vx * viewport.scale < 3) {
    const ys = EXACT.ellipse(64).map(({ y }) => y + motion.y);
    const [top, bottom] = [viewport.y(Math.max(...ys)), viewport.y(Math.min(...ys))];
    context.globalAlpha = 0.35;
    context.fillStyle = palette.exact;
    context.fillRect(viewport.x(motion.vx * from), top, (to - from) * motion.vx * viewport.scale, Math.max(1.5, bottom - top));
    return;
  }
  const samples = Math.min(24_000, Math.ceil(((to - from) / EXACT.period) * 60) + 1);
  for (let i = 0; i <= samples; i += 1) {
    const t = from + ((to - from) * i) / samples;
    const { x, y } = inertial(motion, { t, ...EXACT.at(t) });
    context.lineTo(viewport.x(x), viewport.y(y));
  }
  context.stroke();
}

function drawPlanetWay(context: CanvasRenderingContext2D, viewport: Viewport, { frame, motion, endTime }: Scene, palette: Palette): void {
  if (frame === "planet") return;
  context.strokeStyle = palette.planet;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(viewport.x(0), viewport.y(motion.y));
  context.lineTo(viewport.x(motion.vx * endTime), viewport.y(motion.y));
  context.stroke();
}

/** All revolutions of one window at once. In the inertial frame the planet takes them along. */
function drawOutline(context: CanvasRenderingContext2D, viewport: Viewport, { frame, motion }: Scene, outline: Outline, { color, filled }: { color: string; filled: boolean }): void {
  const ring = (t: number) => {
    context.beginPath();
    for (let i = 0; i < 48; i += 1) {
      const { x, y } = outlineAt(outline, (2 * Math.PI * i) / 48);
      const moved = frame === "inertial" ? inertial(motion, { t, x, y }) : { x, y };
      context.lineTo(viewport.x(moved.x), viewport.y(moved.y));
    }
    context.closePath();
  };
  const rings = frame === "inertial" ? Math.min(12, Math.max(2, Math.ceil((outline.to - outline.from) * motion.vx * viewport.scale / 6))) : 1;
  for (let i = 0; i < rings; i += 1) {
    ring(outline.from + ((outline.to - outline.from) * i) / Math.max(1, rings - 1));
    if (filled) {
      context.globalAlpha = 0.1 / Math.sqrt(rings);
      context.fillStyle = color;
      context.fill();
    }
    context.globalAlpha = 0.45;
    context.lineWidth = 1;
    context.strokeStyle = color;
    context.stroke();
  }
  context.globalAlpha = 1;
}
