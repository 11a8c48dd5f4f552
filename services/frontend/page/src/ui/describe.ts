/** What the pictures show, in words: the text alternative of both canvases, and the readout of the energy chart. */
import { count, percent, plural, quantity } from "../model/format";
import type { Track } from "../model/track";
import type { Summary } from "../model/verdict";
import type { Stage } from "../stage";
import { element } from "./elements";

/** The texts belong to the span: while time moves they stay, or a screen reader would never come to rest. */
export function describe({ view, steps, player }: Stage, track: Track, { verdict }: Summary): void {
  const frame = view.frame === "planet" ? "relative to the planet" : "in the inertial frame, in which the planet drifts to the right";
  const end = track.at(player.end);
  say(
    "plane-text",
    `The satellite's path over ${plural(steps, "step")} ${frame}, beside the exact Kepler orbit, an ellipse around the planet, dashed. ` +
      (end ? `At the end the satellite is ${quantity(Math.hypot(end.x, end.y))} length units from the planet. ` : "") +
      verdict.words,
  );
  say(
    "chart-text",
    `Energy error over ${plural(steps, "step")}: within 1 % for ${plural(verdict.trusted1, "step")}, within 5 % for ${count(verdict.trusted5)}; ` +
      `largest ${percent(verdict.energyError.largest)}, at the end ${percent(verdict.energyError.last)} of the whole run.`,
  );
}

/** The error at the cursor: of the window that holds it, the worse end. */
export function readEnergy(track: Track, step: number): void {
  const error = track.energyErrorAt(step);
  const worst = error && (Math.abs(error[0]) > Math.abs(error[1]) ? error[0] : error[1]);
  say("energy-readout", worst === null ? "" : `step ${count(step)}: ${percent(worst)}`);
}

/** Nothing is known yet. */
export function clearDescription(): void {
  for (const id of ["plane-text", "chart-text", "energy-readout"]) say(id, "");
}

function say(id: string, text: string): void {
  const host = element(id);
  if (host.textContent !== text) host.textContent = text;
}
