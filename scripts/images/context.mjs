import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withArguments, withLabels } from "./dockerfile.mjs";

/** Letters of the hash that make a tag. */
const TAG_LENGTH = 12;

/** Every file in a context is of this time: when a checkout was made must not make an image another one. */
const TIME = new Date("2000-01-01T00:00:00Z");

/** @typedef {{ path: string, content: Buffer, executable: boolean }} InputFile */

/**
 * What an image is built from: its Dockerfile and exactly the files that it may copy. Its tag is a hash over these, so two
 * checkouts with the same files give the same tag, and a change gives a new tag to the images that it concerns.
 */
export class Context {
  /**
   * @param {import("./catalogue.mjs").Image} image
   * @param {import("./checkout.mjs").Checkout} checkout
   * @param {Readonly<Record<string, string>>} [values] build arguments that are not the Dockerfile's own
   */
  constructor(image, checkout, values = {}) {
    this.image = image;
    this.dockerfile = withArguments(checkout.read(image.dockerfile).toString(), values);
    /** @type {InputFile[]} */
    this.files = checkout
      .files(image.inputs)
      .filter((path) => path !== image.dockerfile)
      .map((path) => ({ path, content: checkout.read(path), executable: (statSync(checkout.path(path)).mode & 0o100) !== 0 }));
    this.tag = this.#hash().slice(0, TAG_LENGTH);
  }

  /** @returns {string} */
  #hash() {
    const hash = createHash("sha256");
    const dockerfile = { path: "Dockerfile", content: Buffer.from(this.dockerfile), executable: false };
    for (const { path, content, executable } of [dockerfile, ...this.files]) {
      hash.update(`${path}\0${executable ? "x" : "-"}\0${content.length}\0`).update(content);
    }
    return hash.digest("hex");
  }

  /**
   * Lays the files out in a folder of their own for as long as `use` takes.
   * @template T
   * @param {Readonly<Record<string, string>>} labels by name
   * @param {(folder: string) => Promise<T>} use
   * @returns {Promise<T>}
   */
  async laidOut(labels, use) {
    const folder = mkdtempSync(join(tmpdir(), `porta-${this.image.name}-`));
    try {
      writeFileSync(join(folder, "Dockerfile"), withLabels(this.dockerfile, labels));
      for (const { path, content, executable } of this.files) {
        const target = join(folder, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, content);
        chmodSync(target, executable ? 0o755 : 0o644);
        utimesSync(target, TIME, TIME);
      }
      return await use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
