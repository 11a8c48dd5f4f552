/** One animation frame loop for everything that draws; it rests when nothing asks for a frame. */
export class Frames {
  readonly #due = new Set<(now: number) => void>();
  #asked = false;

  /** Runs `draw` once with the next frame, however often it was asked for until then. */
  request(draw: (now: number) => void): void {
    this.#due.add(draw);
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame((now) => {
      this.#asked = false;
      const due = [...this.#due];
      this.#due.clear();
      for (const run of due) run(now);
    });
  }
}
