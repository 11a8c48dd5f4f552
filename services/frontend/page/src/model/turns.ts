/**
 * Who of a browser's tabs may hold an event stream. Browsers open six HTTP/1.1 connections to a host, over all tabs: with six
 * streams open, no page loads any more. Each tab decides for itself by these rules, from what the tabs tell each other. Pure.
 */

/** A tab that waits for a result. */
export interface Tab {
  readonly id: string;
  /** It has a stream; otherwise it waits for its turn. */
  readonly holding: boolean;
  /** When it began to hold, or to wait: milliseconds on the clock that all tabs of a machine share. */
  readonly since: number;
  readonly visible: boolean;
}

/** The streams of all tabs together; the other three connections load pages. */
export const MOST_STREAMS = 3;

/**
 * How long a stream is kept while others wait (milliseconds): it brings everything so far at once, and news twice a second.
 * An ensemble is given up after 30 s in which nobody waits for it: enough for the turns of 25 tabs.
 */
export const TURN = 2000;

export type Decision = "take" | "give" | "stay";

export function decide(me: Tab, others: readonly Tab[], now: number): Decision {
  const tabs = [me, ...others];
  const holders = tabs.filter(({ holding }) => holding).sort((a, b) => byNeed(a, b, now));
  const waiters = tabs.filter(({ holding }) => !holding).sort(bySince);
  if (!me.holding) return waiters.indexOf(me) < MOST_STREAMS - holders.length ? "take" : "stay";
  // A tab with a new question takes a stream without asking, since a cached result comes at once. Another tab gives way.
  if (holders.indexOf(me) < holders.length - MOST_STREAMS) return "give";
  if (holders.length < MOST_STREAMS) return "stay";
  const hidden = holders.filter(({ visible }) => !visible);
  const leaving = (hidden.length > 0 ? hidden : holders).filter(({ since }) => now - since >= TURN);
  const place = leaving.indexOf(me);
  return place >= 0 && place < waiters.length ? "give" : "stay";
}

/** Who gives way first: whoever has had a turn before whoever has not, hidden tabs before visible ones, then the longest. */
function byNeed(a: Tab, b: Tab, now: number): number {
  const fresh = (tab: Tab): number => Number(now - tab.since < TURN);
  return fresh(a) - fresh(b) || Number(a.visible) - Number(b.visible) || bySince(a, b);
}

/** All tabs have to come to the same order. */
function bySince(a: Tab, b: Tab): number {
  return a.since - b.since || (a.id < b.id ? -1 : 1);
}
