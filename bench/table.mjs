/** @typedef {import("./program.mjs").Row} Row */

/**
 * @param {number} value
 * @returns {string} with three significant digits, or all before the point
 */
function figure(value) {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/**
 * @param {Row} row
 * @returns {boolean | undefined} whether the goal is met; undefined where there is none that can be read
 */
export function isMet(row) {
  const goal = goalOf(row);
  if (goal === undefined) return undefined;
  return goal.atMost ? goal.measured <= goal.limit : goal.measured >= goal.limit;
}

/**
 * @param {Row} row
 * @returns its goal and what is measured against it; undefined where there is none that can be read
 */
function goalOf({ value, goal, ratio }) {
  const [, sign, number, percent] = /^\s*([≤≥<>])=?\s*([\d.,]+)\s*(%?)/.exec(String(goal ?? "")) ?? [];
  if (sign === undefined || number === undefined) return undefined;
  const limit = Number(number.replaceAll(",", ""));
  // A goal in per cent is one of the ratio, unless the value itself is in per cent.
  const relative = percent === "%" && typeof ratio === "number";
  return { atMost: sign === "≤" || sign === "<", limit, relative, measured: relative ? ratio * 100 : value };
}

/**
 * @param {Row} row that misses its goal
 * @returns {string} by how much and why, in words
 */
export function missOf(row) {
  const { name, unit, why } = row;
  const { limit, measured, relative, atMost } = /** @type {NonNullable<ReturnType<typeof goalOf>>} */ (goalOf(row));
  const size = figure(Math.abs(measured - limit));
  const share = limit === 0 ? "" : `, ${figure(Math.abs(measured / limit - 1) * 100)} %`;
  const by = relative ? `${size} percentage points` : `${`${size} ${unit}`.trimEnd()}${share}`;
  return `${name.trim()}: ${by} ${atMost ? "over" : "under"} its goal. ${why ?? "Nothing is known to stand in its way: is the machine busy?"}`;
}

/**
 * @param {Row["beside"]} beside
 * @param {string} unit
 */
function comparison(beside, unit) {
  if (beside === undefined || beside === null) return "";
  if (typeof beside === "number") return `${figure(beside)} ${unit}`;
  if (typeof beside === "string") return beside;
  return `${beside.name}: ${figure(beside.value)} ${beside.unit ?? unit}`;
}

/**
 * @param {readonly Row[]} rows
 * @param {import("../scripts/terminal.mjs").Terminal} terminal
 * @returns {string}
 */
export function table(rows, terminal) {
  const heads = ["", "measured", "goal", "beside", "ratio"];
  const cells = rows.map((row) => [
    row.name,
    `${figure(row.value)} ${row.unit}`,
    row.goal === undefined || row.goal === null ? "" : `${row.goal}${{ true: " ✓", false: " ✗" }[String(isMet(row))] ?? ""}`,
    comparison(row.beside, row.unit),
    typeof row.ratio === "number" ? figure(row.ratio) : "",
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)));
  /** @param {string[]} line */
  const print = (line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd();
  const misses = rows.filter((row) => isMet(row) === false).map((row) => `  ✗ ${missOf(row)}`);
  return [terminal.style("bold", print(heads)), ...cells.map(print), ...(misses.length > 0 ? ["", ...misses] : [])].join("\n");
}
