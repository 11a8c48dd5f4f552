import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPlace } from "../../services/frontend/page/src/model/address";
import { readConfig } from "../../services/frontend/src/config";
import { MAX_SEED } from "../../services/frontend/src/contract";
import type { Run } from "../../services/frontend/src/kinds/propagation";
import { Problem } from "../../services/frontend/src/problem";
import { parseTarget } from "../../services/frontend/src/target";

/** What each reader makes of a query: the seed, or `bad`, with the name of ours that was probably meant. */
interface Row {
  readonly query: string;
  readonly page: string;
  readonly data: string;
  readonly overview: string;
}

const file = join(__dirname, "../../services/propagation/tests/golden/queries.json");
const rows = JSON.parse(readFileSync(file, "utf8")) as Row[];
const limits = readConfig({});

function onServer(url: string): string {
  try {
    return String((parseTarget(url, limits).computation as Run).seed);
  } catch (error) {
    const { status, message } = error as Problem;
    expect(status).toBe(400);
    const nearest = /Did you mean (\w+)\?/.exec(message)?.[1];
    return nearest === undefined ? "bad" : `bad: ${nearest}`;
  }
}

function inPage(query: string): string {
  const place = readPlace("/propagation/500", query === "" ? "" : `?${query}`, { ...limits, maxSeed: MAX_SEED });
  if (place.kind === "question") return String(place.question.seed);
  return place.kind === "bad" && /Did you mean a seed/.test(place.message) ? "bad: seed" : "bad";
}

test.each(rows)("every reader of the query $query ignores and reports the same names", ({ query, page, data, overview }) => {
  const ensemble = `/ensemble/500/10`;
  const run = `/propagation/500`;
  const read = {
    page: onServer(`${run}?${query}`),
    pageOfEnsemble: onServer(`${ensemble}?${query}`),
    script: inPage(query),
    overview: onServer(`${run}/overview?${query}`),
    data: ["data.json", "data.js", "data.arrow", "summary", "events"].map((view) => onServer(`${run}/${view}?${query}`)),
    dataOfEnsemble: ["data.json", "data.arrow", "overview", "summary", "events"].map((view) => onServer(`${ensemble}/${view}?${query}`)),
  };
  const five = Array<string>(5).fill(data);
  expect(read).toEqual({ page, pageOfEnsemble: page, script: page, overview, data: five, dataOfEnsemble: five });
});

test("a refused name comes with the names that are allowed, and an example of the one that was probably meant", () => {
  const problem = (url: string): Record<string, unknown> => {
    try {
      parseTarget(url, limits);
    } catch (error) {
      return JSON.parse((error as Problem).body) as Record<string, unknown>;
    }
    return {};
  };
  expect(problem("/propagation/500/overview?fron=5")).toMatchObject({
    title: "query is not valid",
    detail: "query has to be made of seed, v, from, to, each at most once. Did you mean from?",
    value: "fron",
    example: "?from=0",
  });
  expect(problem("/propagation/500/data.json?foo=5")).toMatchObject({
    detail: "query has to be made of seed, v, each at most once.",
    value: "foo",
    example: "?seed=7",
  });
});
