import { fstatSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Who reads our output from a pipe gets the same signal, and needs some time to end, on a busy machine more. Only a write tells whether it has: so
 * after these pauses, in ms, something is written.
 */
const READER_ENDS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/**
 * What SIGHUP means: the terminal is gone. Who has led our output elsewhere (`nohup npm start &`, `npm start >log &`) wants us to go on; Node
 * forgets that nohup had the signal ignored, so we cannot ask that.
 */
export class Hangup {
  /** Whether we have gone on after the signal: npm, which does not, may then end. */
  survived = false;

  /**
   * @param {import("../terminal.mjs").Terminal} terminal
   * @param {string} stopCommand
   * @param {() => void} end
   */
  constructor(terminal, stopCommand, end) {
    process.on("SIGHUP", () => {
      if (terminal.stream.isTTY) {
        end();
        return;
      }
      if (this.survived) return;
      this.survived = true;
      void this.#goOn(terminal, stopCommand, end);
    });
  }

  /**
   * @param {import("../terminal.mjs").Terminal} terminal
   * @param {string} stopCommand
   * @param {() => void} end
   */
  async #goOn(terminal, stopCommand, end) {
    // `npm start | tee log`: the reader has ended with the terminal, so this is no start that was meant to stay.
    terminal.stream.once("error", end);
    let text = `  The terminal is gone (SIGHUP). Standard output is none, so Porta goes on; to end it: ${stopCommand}`;
    for (const pause of fstatSync(process.stdout.fd).isFIFO() ? READER_ENDS_MS : [0]) {
      await sleep(pause);
      terminal.line(text);
      text = "";
    }
  }
}
