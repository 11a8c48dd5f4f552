/** Two canvases over each other, sharp on any screen: what changes with data and view below, what moves above. */
import type { Size } from "../model/viewport";

export class Surface {
  readonly below: CanvasRenderingContext2D;
  readonly above: CanvasRenderingContext2D;
  size: Size = { width: 0, height: 0 };
  #ratio = 1;

  /** `resized` is called when the host has got its first or another size. */
  constructor(
    readonly host: HTMLElement,
    resized: () => void,
  ) {
    this.below = layer(host);
    this.above = layer(host);
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = host;
      const ratio = Math.min(3, window.devicePixelRatio || 1);
      if (width === 0 || height === 0) return;
      if (width === this.size.width && height === this.size.height && ratio === this.#ratio) return;
      this.size = { width, height };
      this.#ratio = ratio;
      for (const { canvas } of [this.below, this.above]) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      resized();
    };
    new ResizeObserver(measure).observe(host);
    measure();
  }

  /** Empties a layer and sets its unit to a CSS pixel. */
  clear(context: CanvasRenderingContext2D): void {
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, this.size.width, this.size.height);
  }
}

function layer(host: HTMLElement): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2D canvas");
  return context;
}
