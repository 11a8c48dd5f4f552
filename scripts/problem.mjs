/** Something that the user can put right. Its message says what is wrong, what was found and the way out; no stack helps. */
export class Problem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Problem";
  }
}
