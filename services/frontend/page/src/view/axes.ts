/** Ticks, grid and units of the picture's two equal axes. */
import { multiples, tickLabel, ticks } from "../model/scale";
import type { Viewport } from "../model/viewport";
import { FONT, type Palette } from "./palette";

const PIXELS_A_TICK = 90;

export function drawAxes(context: CanvasRenderingContext2D, viewport: Viewport, palette: Palette, name: string): void {
  const { width, height } = viewport.size;
  const { left, right, bottom, top } = viewport.box;
  // One step for both, so that the grid is made of squares.
  const xs = ticks(left, right, width / PIXELS_A_TICK);
  const step = xs.length > 1 ? (xs[1] ?? 0) - (xs[0] ?? 0) : right - left;
  const ys = multiples(step, bottom, top);
  context.font = FONT;
  context.lineWidth = 1;
  grid(context, palette.grid, xs.map((x) => viewport.x(x)), ys.map((y) => viewport.y(y)), width, height);
  grid(context, palette.axis, left < 0 && right > 0 ? [viewport.x(0)] : [], bottom < 0 && top > 0 ? [viewport.y(0)] : [], width, height);
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const unitsWidth = context.measureText(name).width + 24;
  for (const x of xs) {
    const at = viewport.x(x);
    if (at > 44 && at < width - unitsWidth) label(context, palette, tickLabel(x, xs), at, height - 9);
  }
  context.textAlign = "left";
  for (const y of ys) {
    const at = viewport.y(y);
    if (at > 12 && at < height - 30) label(context, palette, tickLabel(y, ys), 8, at + 4);
  }
  context.textAlign = "right";
  label(context, palette, name, width - 10, height - 9);
}

function grid(context: CanvasRenderingContext2D, color: string, xs: number[], ys: number[], width: number, height: number): void {
  context.strokeStyle = color;
  context.beginPath();
  for (const x of xs.map(crisp)) {
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  for (const y of ys.map(crisp)) {
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
}

/** Text that stays legible over lines: with a rim of the surface's colour. */
export function label(context: CanvasRenderingContext2D, palette: Palette, text: string, x: number, y: number, color = palette.muted): void {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = palette.surface;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

const crisp = (pixel: number): number => Math.round(pixel) + 0.5;
