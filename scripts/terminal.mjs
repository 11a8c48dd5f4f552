import { styleText } from "node:util";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const LABEL_WIDTH = 64;

/** @typedef {Parameters<typeof styleText>[0]} Style */

/**
 * @param {number} ms
 * @returns {string}
 */
export function seconds(ms) {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Says what is being done while it is done: a line for each step that is over, and below them, on a terminal, one that
 * moves. In a file or a pipe a step that takes long announces itself instead.
 */
export class Terminal {
  /** @type {Set<Step>} */
  #active = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #ticker;
  #frame = 0;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stdout) {
    this.stream = stream;
    this.live = stream.isTTY && process.env.TERM !== "dumb";
    this.colours = this.live && !process.env.NO_COLOR;
    // Whoever read our output may be gone; what we look after still has to be ended in order.
    stream.on("error", () => undefined);
  }

  /**
   * @param {Style} format
   * @param {string} text
   */
  style(format, text) {
    return this.colours ? styleText(format, text) : text;
  }

  /** @param {string} [text] */
  line(text = "") {
    this.#clear();
    this.stream.write(`${text}\n`);
    this.#draw();
  }

  /**
   * Something the user should know though nothing has failed.
   * @param {string} text
   */
  note(text) {
    this.line(`  ${this.style("yellow", "!")} ${text.replaceAll("\n", "\n    ")}`);
  }

  /** @param {string} text */
  problem(text) {
    this.line(`\n  ${this.style("red", "✗")} ${text.replaceAll("\n", "\n    ")}\n`);
  }

  /**
   * Does something and says so.
   * @template T
   * @param {string} label
   * @param {(step: Step) => Promise<T>} work
   * @param {{ announce?: boolean }} [options] `announce`: whether it may take so long that a log has to say when it begins
   * @returns {Promise<T>}
   */
  async step(label, work, { announce = true } = {}) {
    const step = new Step(label);
    this.#active.add(step);
    if (this.live) {
      this.#ticker ??= setInterval(() => this.#tick(), FRAME_MS);
      this.#tick();
    } else if (announce) {
      this.stream.write(`  … ${label}\n`);
    }
    try {
      const result = await work(step);
      this.#end(step, this.style("green", "✓"));
      return result;
    } catch (error) {
      this.#end(step, this.style("red", "✗"));
      throw error;
    }
  }

  /**
   * @param {Step} step
   * @param {string} mark
   */
  #end(step, mark) {
    this.#active.delete(step);
    if (this.#active.size === 0) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
    const elapsed = step.elapsed;
    const took = elapsed < FRAME_MS ? "" : this.style("dim", seconds(elapsed));
    this.line(`  ${mark} ${step.label.padEnd(took === "" ? 0 : LABEL_WIDTH)} ${took}`.trimEnd());
  }

  #tick() {
    this.#frame += 1;
    this.#clear();
    this.#draw();
  }

  #clear() {
    if (this.live) this.stream.write("\r\x1b[2K");
  }

  #draw() {
    if (!this.live || this.#active.size === 0) return;
    const steps = [...this.#active];
    const text = `${steps.map((step) => step.label).join(", ")}  ${seconds(Math.max(...steps.map((step) => step.elapsed)))}`;
    const frame = FRAMES[this.#frame % FRAMES.length] ?? "";
    this.stream.write(`  ${this.style("cyan", frame)} ${text.slice(0, (this.stream.columns || 80) - 6)}`);
  }
}

/** One thing that is being done. Its label may change until it is over. */
export class Step {
  #began = performance.now();

  /** @param {string} label */
  constructor(label) {
    this.label = label;
  }

  /** @returns {number} ms */
  get elapsed() {
    return performance.now() - this.#began;
  }
}
