/** What moves over the picture: planet, satellite with its latest trail, and where the satellite should be. */
import { EXACT } from "../model/kepler";
import type { Point } from "../model/overview";
import type { Viewport } from "../model/viewport";
import type { Palette } from "./palette";
import { placer, type Scene, trace } from "./picture";

export interface Bodies {
  readonly time: number;
  /** Null while nothing is known of it. */
  readonly satellite: Point | null;
  readonly satelliteColor: string;
  /** Whether the exact place is near enough to be worth a line to it. */
  readonly compare: boolean;
  /** The way just covered, by time. */
  readonly trail: readonly Point[];
}

export function drawBodies(context: CanvasRenderingContext2D, viewport: Viewport, scene: Pick<Scene, "frame" | "motion">, bodies: Bodies, palette: Palette): void {
  const place = placer(viewport, scene);
  const { time, satellite } = bodies;
  context.lineJoin = "round";
  context.lineCap = "round";
  if (bodies.trail.length > 1) {
    context.strokeStyle = bodies.satelliteColor;
    context.lineWidth = 3.5;
    context.beginPath();
    trace(context, bodies.trail, place);
    context.stroke();
  }
  const exact = place({ t: time, ...EXACT.at(time) });
  if (satellite && bodies.compare) {
    const computed = place(satellite);
    context.setLineDash([2, 4]);
    context.strokeStyle = palette.muted;
    context.lineWidth = 1.25;
    context.beginPath();
    context.moveTo(exact.x, exact.y);
    context.lineTo(computed.x, computed.y);
    context.stroke();
    context.setLineDash([]);
  }
  if (satellite) disc(context, exact, 5.5, palette.surface, palette.exact);
  disc(context, place({ t: time, x: 0, y: 0 }), 8, palette.planet, palette.surface);
  if (satellite) disc(context, place(satellite), 5.5, bodies.satelliteColor, palette.surface);
}

function disc(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, radius: number, fill: string, rim: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = rim;
  context.stroke();
}
