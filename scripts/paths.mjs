import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "..");

/** Where `npm start` keeps what a running platform needs: state, logs, access lists. Two platforms beside each other need two. */
export const home = resolve(root, process.env.PORTA_HOME ?? ".porta");

export const venv = join(root, ".venv");

/** The virtual environment's interpreter: everything Python is started with it, never with scripts whose first line can break. */
export const python = join(venv, "bin", "python");

/**
 * Compiled physics, kept between starts; it ends with the environment that it belongs to. numba wants to write there even if it does not have to:
 * in a checkout of another user, or on a file system that is read-only, it has a place of its own.
 */
const besideVenv = join(venv, "numba");
export const numbaCache = [venv, besideVenv].every(mayBeWritten) ? besideVenv : join(home, "numba");

/** @param {string} path */
function mayBeWritten(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT"; // set-up makes it
  }
}

export const propagation = join(root, "services", "propagation");
export const frontend = join(root, "services", "frontend");
