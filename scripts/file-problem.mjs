import { execFileSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, relative } from "node:path";
import { home, root } from "./paths.mjs";
import { Problem } from "./problem.mjs";

/** Codes of the system that a person can do something about. */
const DENIED = ["EACCES", "EPERM"];
/** Of these Node does not always tell the path; what we write is in `home`. */
const FULL = ["ENOSPC", "EDQUOT"];
const NO_FOLDER = ["ENOTDIR", "EEXIST"];

/**
 * @param {unknown} error
 * @returns {unknown} the error in words, with whose the file is and what to set; any other error as it is
 */
export function fileProblem(error) {
  const { code = "", path = FULL.includes(code) ? home : undefined } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (error instanceof Problem || path === undefined) return error;
  if (DENIED.includes(code)) return new Problem(`Porta may not use ${path}: ${whose(path)}\n${wayOut(path)}`);
  if (code === "EROFS") return new Problem(`${path} cannot be written: its file system is read-only.\n${elsewhere(path)}`);
  if (FULL.includes(code)) return new Problem(`${path} cannot be written: the disk is full, or your quota on it.\nMake room there (df -h ${dirname(path)}). ${elsewhere(path)}`);
  if (NO_FOLDER.includes(code)) return new Problem(`${path} cannot be used: it, or what stands before it in the path, is no folder.\n${elsewhere(path)}`);
  return error;
}

/**
 * Looks before something is made anew: an installer that fails half-way says less, and leaves less.
 * @param {string} path of what has to be written, whether it is there or not
 * @param {string} why it has to be
 * @throws {Problem}
 */
export function mustBeWritable(path, why) {
  const there = existing(path);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const reason = code === "EROFS" ? "its file system is read-only." : whose(there);
    throw new Problem(`${why}, but Porta may not write to ${there}: ${reason}\n${wayOut(there)}`);
  }
}

/**
 * @param {string} path
 * @returns {string} it, or the nearest folder above it that is there and may be seen
 */
function existing(path) {
  for (let there = path; ; there = dirname(there)) {
    try {
      statSync(there);
      return there;
    } catch {
      if (there === dirname(there)) return there;
    }
  }
}

/** @param {string} path */
function whose(path) {
  const there = existing(path);
  const { uid, mode } = statSync(there);
  const subject = there === path ? "it" : there;
  if (uid !== process.getuid?.()) return `${subject} belongs to ${nameOf(uid)}, and you are ${ownName()}.`;
  return `${subject} belongs to you, but its mode (${(mode & 0o777).toString(8)}) does not let you.`;
}

/** @param {string} path */
function wayOut(path) {
  const there = existing(path);
  const top = [home, ...["node_modules", ".venv", "services/frontend/dist"].map((name) => join(root, name))].find((folder) => isWithin(there, folder)) ?? there;
  const mine = statSync(top).uid === process.getuid?.();
  const take = mine ? `chmod -R u+rwX ${top}` : `sudo chown -R ${ownName()} ${top}`;
  return `${elsewhere(path)} Or ${mine ? "give yourself the right" : "take it over, if it is to be yours"}: ${take}`;
}

/** @param {string} path */
function elsewhere(path) {
  if (isWithin(path, root) && !isWithin(path, home)) return `Use a checkout of your own: git clone ${root} ~/porta && cd ~/porta && npm start.`;
  return "Take another folder for state and logs: PORTA_HOME=~/.porta npm start.";
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isWithin(path, folder) {
  const way = relative(folder, path);
  return way === "" || !way.startsWith("..");
}

/** @param {number} uid */
function nameOf(uid) {
  try {
    return execFileSync("id", ["-un", String(uid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return `user ${uid}`; // who is not known here
  }
}

function ownName() {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`; // in a container that gives any number
  }
}
