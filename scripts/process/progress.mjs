import { statSync } from "node:fs";
import { processTree } from "./table.mjs";

/**
 * Whether a process gets on: it or a descendant has used CPU time, started or ended something, or written to its log. On a machine that is busy
 * with other things this says more than the time that has passed.
 */
export class Progress {
  #seen = "";
  #movedAt = performance.now();
  /** Seconds of CPU time that it has used so far, with all that it started. */
  cpu = 0;

  /**
   * @param {number} pid
   * @param {string} log
   */
  constructor(pid, log) {
    this.pid = pid;
    this.log = log;
    this.look();
  }

  /** @returns {number} ms since anything was last seen to move */
  look() {
    const tree = processTree(this.pid);
    this.cpu = tree.reduce((sum, { cpu }) => sum + cpu, 0);
    const seen = [tree.map(({ pid }) => pid).join(), this.cpu.toFixed(2), statSync(this.log, { throwIfNoEntry: false })?.size].join("/");
    if (seen !== this.#seen) this.#movedAt = performance.now();
    this.#seen = seen;
    return performance.now() - this.#movedAt;
  }
}
