import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.mjs";
import { capture } from "./capture.mjs";

/** How many changed files an error names. */
const NAMED = 5;

/** A git checkout of the project: which files are in it, and which commit they are. */
export class Checkout {
  /** @param {string} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} path in the checkout */
  path(path) {
    return join(this.root, path);
  }

  /** @param {string} path in the checkout */
  read(path) {
    return readFileSync(this.path(path));
  }

  /**
   * @param {readonly string[]} paths files and folders; what is not there is left out
   * @returns {string[]} every file below them that is not ignored, committed or not, sorted
   */
  files(paths) {
    return this.#git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...paths)
      .split("\0")
      .filter((path) => path !== "" && statSync(this.path(path), { throwIfNoEntry: false })?.isFile())
      .sort();
  }

  /**
   * @param {readonly string[]} [paths] all of them if not given
   * @returns {string[]} those that are not as committed
   */
  changes(paths = []) {
    return this.#git("status", "--porcelain", "--untracked-files=all", "--", ...paths)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.slice(3));
  }

  /** @throws {Problem} if anything is not committed: a release is a commit */
  requireClean() {
    const changes = this.changes();
    if (changes.length === 0) return;
    const named = [...changes.slice(0, NAMED), ...(changes.length > NAMED ? [`and ${changes.length - NAMED} more`] : [])];
    throw new Problem(
      `Not pushed: a release is a commit, and here are changes that are not in one.\n${named.map((name) => `  ${name}`).join("\n")}\n` +
        "Commit them, or put them aside with `git stash --include-untracked`.",
    );
  }

  /**
   * @param {readonly string[]} [paths] what has to be as committed for the commit to stand for it
   * @returns {string} the commit, marked where it does not
   */
  revision(paths = []) {
    const commit = this.#git("rev-parse", "HEAD").trim();
    return this.changes(paths).length === 0 ? commit : `${commit}-dirty`;
  }

  /** @returns {string} where the project is kept, as a browser opens it; empty where no remote says so */
  source() {
    let url;
    try {
      url = this.#git("remote", "get-url", "origin").trim();
    } catch {
      return "";
    }
    const [, host, path] = /^(?:https?:\/\/|ssh:\/\/)?(?:[^@/]*@)?([^/:@]+\.[^/:@]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/.exec(url) ?? [];
    return host === undefined ? "" : `https://${host}/${path}`;
  }

  /**
   * @param {...string} args
   * @returns {string}
   */
  #git(...args) {
    try {
      return capture("git", ["-C", this.root, ...args]);
    } catch (error) {
      throw new Problem(
        `git does not know this checkout, ${this.root}: ${error instanceof Error ? error.message : String(error)}\n` +
          "What an image is made of, and its tag, come from git: work in a clone of the project.",
      );
    }
  }
}
