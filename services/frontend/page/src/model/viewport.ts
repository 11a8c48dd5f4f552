/** The part of the plane that a picture shows, with equal axes: a centre and a scale. Pure; pixels are CSS pixels. */
import type { Window } from "./address";

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Inset = Readonly<Record<"left" | "right" | "bottom" | "top", number>>;

/** float32 coordinates carry seven digits: deeper zoom would show their rounding, farther out nothing. */
const LEAST_WIDTH = 1e-4;
const MOST_WIDTH = 1e9;

/** Can it be looked at, whatever an address says? */
export const isWindow = ({ x, y, width }: Window): boolean =>
  width >= LEAST_WIDTH && width <= MOST_WIDTH && Math.abs(x) <= MOST_WIDTH && Math.abs(y) <= MOST_WIDTH;

export class Viewport {
  readonly scale: number;

  constructor(
    readonly window: Window,
    readonly size: Size,
  ) {
    this.scale = size.width / window.width;
  }

  /** The least picture that holds `box` between its insets, in pixels: room for what lies over the picture. */
  static fit(box: Box, size: Size, inset: Inset): Viewport {
    const width = Math.max(20, size.width - inset.left - inset.right);
    const height = Math.max(20, size.height - inset.top - inset.bottom);
    const extent = Math.max(box.right - box.left, ((box.top - box.bottom) * width) / height, LEAST_WIDTH);
    const unit = extent / width;
    return new Viewport(
      {
        x: (box.left + box.right) / 2 + ((inset.right - inset.left) / 2) * unit,
        y: (box.bottom + box.top) / 2 + ((inset.top - inset.bottom) / 2) * unit,
        width: size.width * unit,
      },
      size,
    );
  }

  x(x: number): number {
    return (x - this.window.x) * this.scale + this.size.width / 2;
  }

  y(y: number): number {
    return this.size.height / 2 - (y - this.window.y) * this.scale;
  }

  /** The coordinates under a pixel. */
  at(px: number, py: number): { x: number; y: number } {
    return {
      x: (px - this.size.width / 2) / this.scale + this.window.x,
      y: (this.size.height / 2 - py) / this.scale + this.window.y,
    };
  }

  get box(): Box {
    const { x: left, y: top } = this.at(0, 0);
    const { x: right, y: bottom } = this.at(this.size.width, this.size.height);
    return { left, right, bottom, top };
  }

  /** Moved by so many pixels: what was under the pointer stays under it. */
  pan(dx: number, dy: number): Viewport {
    const { x, y, width } = this.window;
    return new Viewport({ x: x - dx / this.scale, y: y + dy / this.scale, width }, this.size);
  }

  /** Magnified by `factor` about a pixel, which stays where it is. */
  zoom(factor: number, px = this.size.width / 2, py = this.size.height / 2): Viewport {
    const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, this.window.width / factor));
    const fixed = this.at(px, py);
    const ratio = width / this.window.width;
    const { x, y } = this.window;
    return new Viewport({ x: fixed.x + (x - fixed.x) * ratio, y: fixed.y + (y - fixed.y) * ratio, width }, this.size);
  }
}

export const union = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  right: Math.max(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
  top: Math.max(a.top, b.top),
});

export const intersects = (a: Box, b: Box): boolean =>
  a.left <= b.right && b.left <= a.right && a.bottom <= b.top && b.bottom <= a.top;
