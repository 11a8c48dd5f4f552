/** Which steps a picture shows: what it would be worth to know finer. */
import type { Frame } from "../model/address";
import type { StepRange } from "../model/detail";
import type { Track } from "../model/track";
import { type Box, intersects } from "../model/viewport";
import { inertial } from "./strands";

/** The least range that holds every window of the steps 1 … to with a part inside `box`. Empty where there is none. */
export function visibleSteps(track: Track, frame: Frame, box: Box, to: number): StepRange {
  let first = Infinity;
  let last = 0;
  let before = track.motion.start;
  for (const { windows, first: start, last: end } of track.pieces(0, to)) {
    for (let row = start; row < end; row += 1) {
      const points = track.points(windows, row);
      const places = [before, ...points].map((point) => (frame === "inertial" ? inertial(track.motion, point) : point));
      before = points[points.length - 1] ?? before;
      const xs = places.map(({ x }) => x);
      const ys = places.map(({ y }) => y);
      if (!intersects(box, { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) })) continue;
      first = Math.min(first, windows.firstStep(row));
      last = Math.max(last, windows.lastStep(row));
    }
  }
  return first < last ? { from: first, to: Math.min(to, last) } : { from: 0, to: 0 };
}
