/** Fetches overviews. Their addresses name the engine, so a browser may keep them for ever. */
import contract from "../../../../propagation/src/porta/contract.json";
import { pathOf } from "../model/address";
import { EnsembleOverview } from "../model/ensemble/overview";
import type { Ensemble, Question, Run } from "../model/input";
import { decodeOverview, type Windows } from "../model/overview";
import { refusal } from "./problem";

export const ENGINE = contract.engine;

/** The whole run, or the steps from … to of it (half-open, in completed steps). Throws Refused or OverviewError. */
export async function fetchOverview(run: Run, signal: AbortSignal, range?: { from: number; to: number }): Promise<Windows> {
  return decodeOverview(await fetchBytes(run, signal, range), ENGINE);
}

/** All runs of an ensemble. Throws Refused or OverviewError. */
export async function fetchEnsemble(ensemble: Ensemble, signal: AbortSignal): Promise<EnsembleOverview> {
  return new EnsembleOverview(await fetchBytes(ensemble, signal), ENGINE);
}

async function fetchBytes(question: Question, signal: AbortSignal, range?: { from: number; to: number }): Promise<ArrayBuffer> {
  const response = await fetch(pathOf(question, "overview", { v: ENGINE, ...range }), { signal });
  // 202: evicted in between and being computed again; whoever asked opens the stream anew.
  if (response.status !== 200) throw await refusal(response);
  return response.arrayBuffer();
}
