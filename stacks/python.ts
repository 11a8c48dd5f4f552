import { scratch } from "./constructs/mounts";

/** What every process of the Python image needs under a read-only root: scheduler, workers, Jupyter. */
export const writable = [
  // Dask spills here what a worker's memory cannot hold.
  scratch("tmp", "/tmp", 1024),
  // The image's entry point copies numba's cache, built with the image, to where numba may write beside it.
  scratch("numba", "/run/porta/numba", 64),
];

export const pythonEnv = { HOME: "/tmp", NUMBA_CACHE_DIR: "/run/porta/numba" };
