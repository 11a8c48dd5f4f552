import { ensemble } from "../../services/frontend/src/kinds/ensemble";
import type { Kind, Progress } from "../../services/frontend/src/kinds/kind";
import { propagation } from "../../services/frontend/src/kinds/propagation";

const PACE = { total: 9, rate: null, eta: null };

/** What one is told who joins after these news. */
function whole(kind: Kind, news: readonly object[]): Progress | null {
  return news.reduce<Progress | null>((before, each) => kind.accumulate(before, { ...PACE, ...each } as Progress), null);
}

test("of a propagation everything so far is the newest pace and every window", () => {
  const window = (first: number): object => ({ first, data: "AA==" });
  const news = [{ done: 1, k: 3, windows: [window(0), window(2)] }, { done: 4, k: 3, windows: [] }, { done: 6, k: 3, windows: [window(1)] }];
  expect(whole(propagation, news)).toEqual({ ...PACE, done: 6, k: 3, windows: [window(0), window(2), window(1)] });
});

test("of an ensemble everything so far is the newest pace and the newest picture, whether it is news or not", () => {
  const news = [{ done: 1, overview: null }, { done: 4, overview: "QQ==" }, { done: 6, overview: "Qg==" }, { done: 7, overview: null }];
  expect(whole(ensemble, news.slice(0, 1))).toEqual({ ...PACE, done: 1, overview: null });
  expect(whole(ensemble, news.slice(0, 3))).toEqual({ ...PACE, done: 6, overview: "Qg==" });
  expect(whole(ensemble, news)).toEqual({ ...PACE, done: 7, overview: "Qg==" });
});
