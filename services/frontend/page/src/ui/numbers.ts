/** The picture as a table, for those who read rather than see it. Filled when it is opened. */
import { count, percent, quantity } from "../model/format";
import type { Track } from "../model/track";
import { element, make } from "./elements";

const ROWS = 20;

export function showNumbers(track: Track, steps: number): void {
  if (!element<HTMLDetailsElement>("numbers").open) return;
  const wanted = new Set(Array.from({ length: ROWS }, (_, i) => Math.max(1, Math.round((steps * (i + 1)) / ROWS))));
  element("rows").replaceChildren(
    ...[...wanted].flatMap((wish) => {
      const record = track.recordNear(wish);
      if (!record) return [];
      const { step, point } = record;
      const error = track.energyErrorAt(step);
      const worst = error && (Math.abs(error[0]) > Math.abs(error[1]) ? error[0] : error[1]);
      const cells = [quantity(point.t), quantity(point.x), quantity(point.y), worst === null ? "–" : percent(worst)];
      return [make("tr", {}, make("th", { scope: "row" }, count(step)), ...cells.map((text) => make("td", {}, text)))];
    }),
  );
}
