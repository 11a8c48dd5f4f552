/** A run in numbers. */
import { count, percent, quantity } from "../model/format";
import type { Track } from "../model/track";
import { showTable } from "./table";

const ROWS = 20;

export function showNumbers(track: Track, steps: number): void {
  showTable(() => {
    const wanted = new Set(Array.from({ length: ROWS }, (_, i) => Math.max(1, Math.round((steps * (i + 1)) / ROWS))));
    return {
      caption: "Satellite relative to the planet at twenty steps of the span",
      columns: ["Step", "Time", "x", "y", "Energy error"],
      rows: [...wanted].flatMap((wish) => {
        const record = track.recordNear(wish);
        if (!record) return [];
        const { step, point } = record;
        const error = track.energyErrorAt(step);
        const worst = error && (Math.abs(error[0]) > Math.abs(error[1]) ? error[0] : error[1]);
        return [[count(step), quantity(point.t), quantity(point.x), quantity(point.y), worst === null ? "–" : percent(worst)]];
      }),
    };
  });
}
