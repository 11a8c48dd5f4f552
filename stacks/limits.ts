import type { Config } from "./config/config";

/** What one may ask for, as every process reads it that checks what it is asked. */
export function limitsEnv({ limits }: Pick<Config, "limits">): Record<string, string> {
  return {
    MAX_STEPS: String(limits.maxSteps),
    MAX_RUNS: String(limits.maxRuns),
    MAX_ENSEMBLE_STEPS: String(limits.maxEnsembleSteps),
  };
}
