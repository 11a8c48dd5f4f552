import contract from "../../propagation/src/porta/contract.json";

/** Rises only when the bytes of results change; a result of another engine is foreign. */
export const ENGINE: number = contract.engine;

/** Steps of a segment, the unit in which results are computed and stored. */
export const SEGMENT_STEPS: number = contract.segmentSteps;

/** The greatest number of steps that may be asked for where `MAX_STEPS` does not say otherwise. */
export const DEFAULT_MAX_STEPS: number = contract.maxSteps;

/** The greatest seed: the last integer that JavaScript and JSON readers hold exactly. */
export const MAX_SEED: number = contract.maxSeed;

/** The greatest number of runs of an ensemble where `MAX_RUNS` does not say otherwise. */
export const DEFAULT_MAX_RUNS: number = contract.maxRuns;

/** The most steps of all runs of an ensemble together where `MAX_ENSEMBLE_STEPS` does not say otherwise. */
export const DEFAULT_MAX_ENSEMBLE_STEPS: number = contract.maxEnsembleSteps;
