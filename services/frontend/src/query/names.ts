/**
 * The names in a query. Server and page read the same rules: names of ours count, names that libraries and trackers add are
 * ignored, and a misspelt name of ours is reported (docs/decisions/foreign-names-in-a-query.md).
 */

/** Cache-busters, in lower case and without dots, dashes and underscores. Each is the default of a library, or common by hand. */
const CACHE_BUSTERS: ReadonlySet<string> = new Set([
  "dc", // Ext JS: _dc
  "zx", // Closure library
  "nocache", // MooTools: noCache
  "dojopreventcache", // Dojo: dojo.preventCache, request.preventCache
  "requestpreventcache",
  "preventcache",
  "bust", // RequireJS: urlArgs
  "cachebust",
  "cachebuster",
  "cb",
  "t",
  "ts",
  "timestamp",
  "r",
  "rnd",
  "rand",
  "random",
]);

/** jQuery and Zepto add `_`; MDN and Rails show a bare number, `?1732900000` or `?0.7312`. */
const WITHOUT_LETTERS = /^[0-9._-]+$/;

/** What mails, advertisements and social networks add to a link. */
const TRACKERS = new RegExp(
  `^(?:${[
    "(?:utm|mtm|matomo|pk|piwik|hsa|gad|fb)_.+", // whole families: utm_source, utm_medium, …
    "[a-z]{1,4}clid|msclkid|gclsrc|[gw]braid|srsltid", // clicks on advertisements: gclid, fbclid, …
    "igsh(?:id)?|mibextid|li_fat_id|ref|ref_src", // shared from a social network
    "mc_[ce]id|mkt_tok|vero_id|oly_(?:anon|enc)_id|_hsenc|_hsmi|_kx", // newsletters
    "_ga(?:_.+)?|_gl|s_cid", // statistics over several sites
  ].join("|")})$`,
);

/** A value that a number of ours could have. Timestamps in seconds have ten digits. */
const OUR_NUMBER = /^[0-9]{0,9}$/;

/**
 * Whether a name that is not ours is known to carry nothing.
 *
 * @param name as sent, still percent-encoded
 */
export function isIgnored(name: string, value: string, ours: readonly string[]): boolean {
  const decoded = decode(name).toLowerCase();
  if (WITHOUT_LETTERS.test(decoded) || TRACKERS.test(decoded)) return true;
  if (!CACHE_BUSTERS.has(decoded.replace(/[._-]/g, ""))) return false;
  // `t=200` may mean `to=200`; `t=1732900000` cannot.
  return nearestName(name, ours) === undefined || !OUR_NUMBER.test(value);
}

/**
 * The name of ours that a name may stand for: it differs in case, by one edit, by brackets, or by what escaping left of it.
 *
 * @param name as sent, still percent-encoded
 */
export function nearestName(name: string, ours: readonly string[]): string | undefined {
  // `seed[]` (PHP), `seed%3D7` (an escaped sign), `amp;seed` (a link copied out of HTML).
  const core = decode(name).trim().toLowerCase().replace(/^(?:amp;)+/, "").replace(/[^a-z0-9_-].*$/s, "");
  return ours.find((each) => each === core) ?? ours.find((each) => isOneEdit(core, each));
}

/** One letter more, less, other, or two neighbours exchanged. Of a single letter, another one is no misspelling. */
function isOneEdit(text: string, name: string): boolean {
  if (Math.max(text.length, name.length) < 2 || Math.abs(text.length - name.length) > 1) return false;
  let begin = 0;
  while (begin < text.length && text[begin] === name[begin]) begin += 1;
  const rest = text.slice(begin);
  const expected = name.slice(begin);
  if (rest.slice(1) === expected.slice(1) || rest.slice(1) === expected || rest === expected.slice(1)) return true;
  return rest.length > 1 && rest[0] === expected[1] && rest[1] === expected[0] && rest.slice(2) === expected.slice(2);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
