/** Scrubbing with the pointer over a chart of steps. */
import { stepPlot } from "./chart";
import type { Surface } from "./surface";

export interface Scrub {
  /** Steps on view; 0 while there is nothing to scrub. */
  steps(): number;
  seek(step: number): void;
}

export function attachScrub(surface: Surface, { steps, seek }: Scrub): void {
  const { host } = surface;
  const follow = (event: PointerEvent) => {
    const to = steps();
    if (to > 0) seek(Math.round(stepPlot(surface.size, to).at(event.clientX - host.getBoundingClientRect().left)));
  };
  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    host.setPointerCapture(event.pointerId);
    follow(event);
  });
  host.addEventListener("pointermove", (event) => {
    if (host.hasPointerCapture(event.pointerId)) follow(event);
  });
}
