/** What charts over time or steps share: where the plot lies, its horizontal axis, and lines across it. */
import { tickLabel, ticks } from "../model/scale";
import type { Size } from "../model/viewport";
import { label } from "./axes";
import { FONT, type Palette } from "./palette";

/** Pixels around the plot: its scale on the left, the ticks of its axis below. */
const LEFT = 58;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 24;
/** Below a plot whose axis is labelled under another one. */
const BARE_BOTTOM = 7;
const PIXELS_A_TICK = 110;
/** Height of a label. */
const LABEL_PIXELS = 12;

export type Axis = (value: number) => number;

/** Where the horizontal axis of a chart of that width lies. */
export const axisOf = (width: number): { readonly left: number; readonly width: number } => ({ left: LEFT, width: Math.max(1, width - LEFT - RIGHT) });

export class Plot {
  readonly left = LEFT;
  readonly top = TOP;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;

  /** Shows the values from … to, from the left to the right. */
  constructor(
    readonly size: Size,
    readonly from: number,
    readonly to: number,
    readonly labelled = true,
  ) {
    this.width = axisOf(size.width).width;
    this.right = LEFT + this.width;
    this.bottom = size.height - (labelled ? BOTTOM : BARE_BOTTOM);
  }

  readonly x: Axis = (value) => this.left + ((value - this.from) / (this.to - this.from || 1)) * this.width;

  /** The value under a pixel, within the plot. */
  at(px: number): number {
    return this.from + Math.min(1, Math.max(0, (px - this.left) / this.width)) * (this.to - this.from);
  }

  /** A vertical scale that is `scale` from the bottom to the top. */
  y(scale: { readonly to: Axis }, from: number, to: number): Axis {
    const [low, high] = [scale.to(from), scale.to(to)];
    return (value) => this.bottom - ((scale.to(value) - low) / (high - low || 1)) * (this.bottom - this.top);
  }

  /** Everything that `draw` draws ends at the plot's edges. */
  clipped(context: CanvasRenderingContext2D, draw: () => void): void {
    context.save();
    context.beginPath();
    context.rect(this.left, this.top - 2, this.width, this.bottom - this.top + 4);
    context.clip();
    draw();
    context.restore();
  }

  drawGrid(context: CanvasRenderingContext2D, palette: Palette): void {
    for (const mark of this.#ticks()) this.vertical(context, mark, palette.grid);
  }

  /** Ticks of the horizontal axis with its name. `whole`: it counts. */
  drawAxis(context: CanvasRenderingContext2D, palette: Palette, name: string, whole = false): void {
    if (!this.labelled) return;
    context.font = FONT;
    const marks = whole ? this.#ticks().filter(Number.isInteger) : this.#ticks();
    context.textBaseline = "alphabetic";
    context.textAlign = "right";
    const room = this.right - context.measureText(name).width - 12;
    label(context, palette, name, this.right, this.size.height - 7);
    context.textAlign = "center";
    for (const mark of marks) {
      const text = tickLabel(mark, marks);
      if (this.x(mark) + context.measureText(text).width / 2 < room) label(context, palette, text, this.x(mark), this.size.height - 7);
    }
  }

  /** Labels of the vertical scale, those first in the list first; what would touch another is left out. */
  drawScale(context: CanvasRenderingContext2D, palette: Palette, y: Axis, values: readonly number[], text: (value: number) => string): void {
    context.font = FONT;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const taken: number[] = [];
    for (const value of values) {
      const at = y(value);
      if (taken.some((other) => Math.abs(other - at) < LABEL_PIXELS)) continue;
      taken.push(at);
      label(context, palette, text(value), this.left - 8, at);
    }
  }

  /** A line across the plot at a height in pixels. */
  horizontal(context: CanvasRenderingContext2D, y: number, color: string, dash: number[] = []): void {
    this.#line(context, [this.left, y, this.right, y], color, dash);
  }

  vertical(context: CanvasRenderingContext2D, value: number, color: string, dash: number[] = []): void {
    this.#line(context, [this.x(value), this.top, this.x(value), this.bottom], color, dash);
  }

  #ticks(): number[] {
    return ticks(this.from, this.to, this.size.width / PIXELS_A_TICK);
  }

  #line(context: CanvasRenderingContext2D, [x1, y1, x2, y2]: [number, number, number, number], color: string, dash: number[]): void {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.setLineDash([]);
  }
}
