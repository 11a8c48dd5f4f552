import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../services/frontend/src/config";
import { KINDS } from "../../services/frontend/src/kinds";
import { Problem } from "../../services/frontend/src/problem";

/** What came over the wire, and what becomes of it: the Python package reads the same table. */
interface Row {
  readonly kind: string;
  readonly path: readonly string[];
  readonly seed: string | null;
  /** Good: its key. */
  readonly key?: string;
  /** Bad: the parameter, and what is allowed. */
  readonly bad?: string;
  readonly allowed?: string;
}

const file = join(__dirname, "../../services/propagation/tests/golden/requests.json");
const rows = JSON.parse(readFileSync(file, "utf8")) as Row[];
const limits = readConfig({});

function outcome({ kind: name, path, seed }: Row, max = limits): Pick<Row, "key" | "bad" | "allowed"> {
  const kind = KINDS.find((each) => each.name === name);
  try {
    return { key: kind?.parse(path, seed === null ? {} : { seed }, max).computation.key as string };
  } catch (error) {
    const { title, allowed } = JSON.parse((error as Problem).body) as { title: string; allowed: string };
    return { bad: title.replace(" is not valid", ""), allowed };
  }
}

test.each(rows)("what may be asked for and what not is what the pool says: %j", ({ key, bad, allowed, ...row }) => {
  expect(outcome(row)).toEqual(key === undefined ? { bad, allowed } : { key });
});

test("the table has every kind", () => {
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(KINDS.map(({ name }) => name)));
});

test("where a single run may not have as many steps as all of an ensemble, the steps are told so", () => {
  const few = readConfig({ MAX_ENSEMBLE_STEPS: "1000" });
  expect(outcome({ kind: "ensemble", path: ["1000", "1"], seed: null }, few)).toEqual({ key: "ensemble/1000/1" });
  expect(outcome({ kind: "ensemble", path: ["1001", "1"], seed: null }, few)).toEqual({
    bad: "steps",
    allowed: "a whole number from 1 to 1000, in plain digits",
  });
});
