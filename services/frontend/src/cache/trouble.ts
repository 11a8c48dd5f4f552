import table from "../../../propagation/src/porta/redis-troubles.json";

/** Why the cache cannot be used. */
export interface Trouble {
  readonly name: string;
  /** It may only be slow: a request waits. Otherwise there is an answer already, and the request gets it at once. */
  readonly slow: boolean;
  /** What is wrong and the way out, for a person. */
  readonly words: string;
}

interface Row {
  readonly name: string;
  readonly match: RegExp;
  readonly slow: boolean;
  readonly says: string;
  readonly wayOut: string;
}

/** Workers, notebooks and `npm start` read the same table. The first row that matches counts. */
const ROWS: readonly Row[] = table.map(({ match, ...row }) => ({ slow: false, ...row, match: new RegExp(match) }));

/** How much of an error that the table does not know is quoted. */
const QUOTED_CHARACTERS = 120;

/** @param said what Redis answered, or the code and message of a connection that failed; behind "tls " where that used TLS */
export function troubleOf(said: string, where: string): Trouble {
  const row = ROWS.find(({ match }) => match.test(said));
  if (row) return { name: row.name, slow: row.slow, words: `The cache at ${where} ${row.says}. ${row.wayOut}` };
  return { name: "other", slow: false, words: `The cache at ${where} failed (${said.slice(0, QUOTED_CHARACTERS)}). Its log may say more.` };
}
