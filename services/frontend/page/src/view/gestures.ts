/** Pointer, wheel and keys over a picture, as changes of what it shows. One finger scrolls the page up and down. */

/** What can be moved by pixels and magnified about one. */
interface Movable<V> {
  pan(dx: number, dy: number): V;
  zoom(factor: number, px?: number, py?: number): V;
}

export interface Gestures<V> {
  /** Can it be moved up and down? If not, these keys scroll the page. */
  readonly upright: boolean;
  readonly change: (change: (view: V) => V) => void;
  readonly fit: () => void;
}

const KEY_PIXELS = 60;
/** Pixels of what a wheel counts in: pixels, lines, pages. */
const WHEEL_PIXELS = [1, 16, 400];
export const ZOOM_STEP = 1.5;

export function attachGestures<V extends Movable<V>>(host: HTMLElement, { upright, change, fit }: Gestures<V>): void {
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
      change((view) => view.pan(now.x - before.x, now.y - before.y));
      return;
    }
    const apart = (place: { x: number; y: number }) => Math.max(10, Math.hypot(place.x - other.x, place.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    change((view) =>
      view.pan((now.x - before.x) / 2, (now.y - before.y) / 2).zoom(apart(now) / apart(before), middle.x, middle.y),
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
      change((view) => view.zoom(Math.exp(-Math.max(-240, Math.min(240, delta)) / 400), x, y));
    },
    { passive: false },
  );
  host.addEventListener("dblclick", fit);

  const moves: Record<string, (view: V) => V> = {
    ArrowLeft: (view) => view.pan(KEY_PIXELS, 0),
    ArrowRight: (view) => view.pan(-KEY_PIXELS, 0),
    ...(upright && { ArrowUp: (view: V) => view.pan(0, KEY_PIXELS), ArrowDown: (view: V) => view.pan(0, -KEY_PIXELS) }),
    "+": (view) => view.zoom(ZOOM_STEP),
    "=": (view) => view.zoom(ZOOM_STEP),
    "-": (view) => view.zoom(1 / ZOOM_STEP),
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
