/** Pointer, wheel and keys over the picture, as changes of the viewport. One finger scrolls the page up and down. */
import type { Viewport } from "../model/viewport";

type Change = (change: (viewport: Viewport) => Viewport) => void;

export interface Gestures {
  readonly change: Change;
  readonly fit: () => void;
}

const KEY_PIXELS = 60;
/** Pixels of what a wheel counts in: pixels, lines, pages. */
const WHEEL_PIXELS = [1, 16, 400];
export const ZOOM_STEP = 1.5;

export function attachGestures(host: HTMLElement, { change, fit }: Gestures): void {
  const pointers = new Map<number, { x: number; y: number }>();
  const local = (event: MouseEvent) => {
    const { left, top } = host.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    host.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, local(event));
  });
  host.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = local(event);
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    pointers.set(event.pointerId, now);
    if (!other) {
      change((viewport) => viewport.pan(now.x - before.x, now.y - before.y));
      return;
    }
    const apart = (place: { x: number; y: number }) => Math.max(10, Math.hypot(place.x - other.x, place.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    change((viewport) =>
      viewport.pan((now.x - before.x) / 2, (now.y - before.y) / 2).zoom(apart(now) / apart(before), middle.x, middle.y),
    );
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    host.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }

  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = local(event);
      // ctrlKey is how browsers report a pinch on a trackpad.
      const delta = event.deltaY * (WHEEL_PIXELS[event.deltaMode] ?? 1) * (event.ctrlKey ? 5 : 1);
      change((viewport) => viewport.zoom(Math.exp(-Math.max(-240, Math.min(240, delta)) / 400), x, y));
    },
    { passive: false },
  );
  host.addEventListener("dblclick", fit);

  const moves: Record<string, (viewport: Viewport) => Viewport> = {
    ArrowLeft: (viewport) => viewport.pan(KEY_PIXELS, 0),
    ArrowRight: (viewport) => viewport.pan(-KEY_PIXELS, 0),
    ArrowUp: (viewport) => viewport.pan(0, KEY_PIXELS),
    ArrowDown: (viewport) => viewport.pan(0, -KEY_PIXELS),
    "+": (viewport) => viewport.zoom(ZOOM_STEP),
    "=": (viewport) => viewport.zoom(ZOOM_STEP),
    "-": (viewport) => viewport.zoom(1 / ZOOM_STEP),
  };
  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    if (move) change(move);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
}
