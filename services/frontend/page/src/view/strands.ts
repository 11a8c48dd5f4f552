/** From rows of windows to what can be stroked: strands of points, each of one trust, and outlines where paths are too many. */
import type { Frame } from "../model/address";
import { outline, type Outline } from "../model/outline";
import type { Motion, Point } from "../model/overview";
import type { Track } from "../model/track";
import { type Limits, trust, type Trust } from "../model/verdict";
import { type Box, union } from "../model/viewport";

export interface Strand {
  readonly trust: Trust;
  readonly points: Point[];
}

export interface Strands {
  readonly strands: readonly Strand[];
  readonly outlines: readonly { readonly trust: Trust; readonly outline: Outline }[];
  /** Extent in the planet's frame and in the inertial one; null when nothing is known yet. */
  readonly boxes: Readonly<Record<Frame, Box | null>>;
}

/** All that is known of the steps from + 1 … to, in the planet's frame. */
export function strandsOf(track: Track, limits: Limits, from: number, to: number): Strands {
  const strands: Strand[] = [];
  const outlines: { trust: Trust; outline: Outline }[] = [];
  let open: Strand | null = null;
  let reached = -Infinity;
  const boxes: Record<Frame, Box | null> = { planet: null, inertial: null };
  const extend = (point: Point) => {
    boxes.planet = around(boxes.planet, point.x, point.y);
    const moved = inertial(track.motion, point);
    boxes.inertial = around(boxes.inertial, moved.x, moved.y);
  };
  if (from === 0) {
    open = { trust: trust(limits, 1), points: [track.motion.start] };
    strands.push(open);
    extend(track.motion.start);
  }
  for (const { windows, first, last } of track.pieces(from, to)) {
    for (let row = first; row < last; row += 1) {
      if (!windows.known(row)) {
        open = null;
        continue;
      }
      const all = track.points(windows, row);
      all.forEach(extend);
      const level = trust(limits, windows.lastStep(row));
      const rings = windows.k > 5 ? outline(all, windows.energyError(row)[1]) : null;
      if (rings) {
        outlines.push({ trust: level, outline: rings });
        open = null;
        reached = rings.to;
        continue;
      }
      // A coarse row cut by finer ones repeats what they know.
      const points = all.filter(({ t }) => t > reached);
      if (points.length === 0) continue;
      if (open?.trust !== level) {
        const joint: Point | undefined = open?.points[open.points.length - 1];
        open = { trust: level, points: joint ? [joint] : [] };
        strands.push(open);
      }
      open.points.push(...points);
      reached = points[points.length - 1]?.t ?? reached;
    }
  }
  return { strands, outlines, boxes };
}

/** A place in the inertial frame: the planet moves at (vx·t, y). */
export const inertial = (motion: Motion, { t, x, y }: Point): { x: number; y: number } => ({ x: x + motion.vx * t, y: y + motion.y });

function around(box: Box | null, x: number, y: number): Box {
  const point = { left: x, right: x, bottom: y, top: y };
  return box ? union(box, point) : point;
}
