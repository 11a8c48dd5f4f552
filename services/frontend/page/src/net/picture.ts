/** What the first view of a result needs: the overview of the whole, and the trusted span as fine as can be. */
import type { Run } from "../model/input";
import type { Windows } from "../model/overview";
import { Track } from "../model/track";
import { type Summary, trustedSteps } from "../model/verdict";
import { fetchOverview } from "./overviews";

/** How long the first picture waits for the trusted span before it is drawn without (milliseconds). */
const PATIENCE = 150;

export interface Picture {
  readonly track: Track;
  /** The trusted span, where it did not come in time; null where there is nothing to wait for. */
  readonly late: Promise<Windows | null> | null;
}

export async function fetchPicture(run: Run, summary: Summary, signal: AbortSignal): Promise<Picture> {
  // Both at once. The picture does without the detail if need be.
  const detail = fetchOverview(run, signal, { from: 0, to: trustedSteps(summary) }).catch(() => null);
  const track = new Track(await fetchOverview(run, signal));
  if (track.base.k === 0) return { track, late: null };
  const inTime = await Promise.race([detail, new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null))]);
  if (!inTime) return { track, late: detail };
  track.add(inTime);
  return { track, late: null };
}
