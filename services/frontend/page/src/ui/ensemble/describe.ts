/** What the charts of an ensemble show, in words: their text alternative, and their names in the frame looked at. */
import type { Picture } from "../../model/ensemble/picture";
import type { EnsembleSummary } from "../../model/ensemble/summary";
import type { Interval } from "../../model/ensemble/timeline";
import { count, plural, quantity } from "../../model/format";
import { element } from "../elements";

export function describeEnsemble({ overview, frame }: Picture, { from, to }: Interval, summary: EnsembleSummary | null): void {
  const place = frame === "planet" ? " from the planet" : ", inertial";
  say("name-x", `x${place}`);
  say("name-y", `y${place}`);
  say(
    "bands-text",
    `Bands over ${plural(overview.counted, "run")}, from time ${quantity(from)} to ${quantity(to)}: ` +
      `x, y and distance of the satellite ${frame === "planet" ? "relative to the planet" : "in the inertial frame"}, with the exact orbit dashed, and the energy error over the steps. ` +
      (summary ? summary.words : `${count(overview.counted)} of ${count(overview.runs)} runs are in so far.`),
  );
}

/** Nothing is known yet. */
export function clearEnsembleDescription(): void {
  say("bands-text", "");
}

function say(id: string, text: string): void {
  const host = element(id);
  if (host.textContent !== text) host.textContent = text;
}
