/** An ensemble in numbers: what its bands are at some instants of what is on view. */
import type { Picture } from "../../model/ensemble/picture";
import type { Interval } from "../../model/ensemble/timeline";
import { percent, quantity } from "../../model/format";
import { showTable } from "../table";

const ROWS = 20;

export function showEnsembleNumbers(picture: Picture, interval: Interval): void {
  showTable(() => {
    const instants = new Map(
      Array.from({ length: ROWS + 1 }, (_, i) => {
        const moment = picture.moment(interval, interval.from + ((interval.to - interval.from) * i) / ROWS);
        return [moment.time, moment];
      }),
    );
    return {
      caption: "Median of the runs at some instants, and how far half of them are from the planet",
      columns: ["Time", "x", "y", "Distance, half of the runs", "Energy error"],
      rows: [...instants.values()].map(({ time, at, error }) => [
        quantity(time),
        shown(at.x.p50),
        shown(at.y.p50),
        `${shown(at.distance.p25)} … ${shown(at.distance.p75)}`,
        percent(error.p50),
      ]),
    };
  });
}

const shown = (value: number): string => (Number.isNaN(value) ? "–" : quantity(value));
