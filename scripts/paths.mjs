import { join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "..");

/** Where `npm start` keeps what a running platform needs: state, logs, access lists. Two platforms beside each other need two. */
export const home = resolve(root, process.env.PORTA_HOME ?? ".porta");

export const venv = join(root, ".venv");

/** The virtual environment's interpreter: everything Python is started with it, never with scripts whose first line can break. */
export const python = join(venv, "bin", "python");

/** Compiled physics, kept between starts; it ends with the environment that it belongs to. */
export const numbaCache = join(venv, "numba");

export const propagation = join(root, "services", "propagation");
export const frontend = join(root, "services", "frontend");
