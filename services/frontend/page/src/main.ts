/** The page starts here. */
import "./style.css";

import contract from "../../../propagation/src/porta/contract.json";
import { Page } from "./page";

/** A server with other limits writes its own into the page. */
function limit(name: string, built: number): number {
  const served = Number(document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content);
  return served > 0 ? served : built;
}

new Page({
  maxSteps: limit("max-steps", contract.maxSteps),
  maxSeed: contract.maxSeed,
  maxRuns: limit("max-runs", contract.maxRuns),
  maxEnsembleSteps: limit("max-ensemble-steps", contract.maxEnsembleSteps),
});
