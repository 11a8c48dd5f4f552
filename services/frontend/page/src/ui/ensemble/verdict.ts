/** How far the runs of an ensemble can be trusted: the server's words, the spread over the runs, and the facts behind. */
import { pathOf, writeView } from "../../model/address";
import type { Levels } from "../../model/ensemble/overview";
import type { EnsembleSummary } from "../../model/ensemble/summary";
import { count, percent, plural, quantity } from "../../model/format";
import { element, make, makeSvg } from "../elements";

export function showEnsembleVerdict(summary: EnsembleSummary | null): void {
  const host = element("verdict");
  if (!summary) {
    host.replaceChildren(make("p", { class: "waiting" }, "The numbers of all runs come with the last of them."));
    return;
  }
  host.replaceChildren(
    make("p", { class: "headline" }, headline(summary)),
    spread(summary),
    make("p", { class: "words" }, summary.words),
    facts(summary),
    make("p", { class: "small" }, bound(summary)),
  );
}

function headline({ runs, steps, trusted5 }: EnsembleSummary): string {
  if (runs === 1) return trusted5.p50 >= steps ? "The one run holds to its end" : `The one run holds for ${plural(trusted5.p50, "step")}`;
  if (trusted5.min >= steps) return `All ${count(runs)} runs hold to their end`;
  if (trusted5.p50 >= steps) return "More than half of the runs hold to their end";
  // The median run and those above it.
  return `Half of the runs hold for ${plural(trusted5.p50, "step")}`;
}

function facts({ runs, steps, trusted1, trusted5, ejected, closest, largestError }: EnsembleSummary): HTMLElement {
  const list = make("dl", { class: "facts" });
  const add = (term: string, description: Node | string, key?: string) => {
    list.append(make("dt", key ? { "data-key": key } : {}, term), make("dd", {}, description));
  };
  const until = (trusted: number) => (trusted >= steps ? "to the end" : plural(trusted, "step"));
  add("Half right to 1 %", until(trusted1.p50), "trusted1");
  add("Half right to 5 %", until(trusted5.p50), "trusted5");
  add("19 in 20 to 5 %", until(trusted5.p5), "trusted5");
  add("Ejected", ejected.runs === 0 ? "none" : `${count(ejected.runs)} of ${count(runs)}, ${percent(ejected.share, ejected.share < 0.1 ? 2 : 1)}`, "beyond");
  add("Half ejected", ejected.median === null ? "not yet" : `by step ${count(ejected.median)}`, "beyond");
  add("Largest error, median", percent(largestError.p50, 1));
  const look = writeView({ frame: "planet", span: "all", step: closest.step, window: null });
  add("Closest approach", `${quantity(closest.distance)} at step ${count(closest.step)}`);
  const run = { href: pathOf({ steps, seed: closest.seed }) + look, "data-run": "" };
  add("its run", make("a", run, `seed ${String(closest.seed)}`));
  return list;
}

function bound({ bound: { relative, absolute } }: EnsembleSummary): string {
  const off = `${percent(relative, 1)} of themselves or ${tiny(absolute)}, whichever is more`;
  return `Counts, extremes and everything in this list are exact. The bands come from a sketch: they are off by at most ${off}.`;
}

/** A power of ten as it is printed: 6·10⁻⁸. */
const tiny = (value: number): string =>
  value.toExponential(0).replace(/e([+-]?)(\d+)/, (_, sign: string, digits: string) => `·10${sign === "-" ? "⁻" : ""}${[...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "").join("")}`);

const WIDTH = 320;
const ROWS = [
  { key: "t1", y: 4 },
  { key: "t5", y: 22 },
] as const;
const HEIGHT = 12;

/** For how many steps the runs hold, to 1 % and to 5 %: nine in ten, half and median, over logarithmic steps. */
function spread({ steps, trusted1, trusted5 }: EnsembleSummary): SVGElement {
  const place = (step: number) => (WIDTH * Math.log10(Math.min(steps, step) + 1)) / Math.log10(steps + 1);
  const bar = (low: number, high: number, y: number, kind: string) =>
    makeSvg("rect", { x: place(low), y, width: Math.max(1, place(high) - place(low)), height: HEIGHT, class: kind });
  const row = (levels: Levels, { key, y }: (typeof ROWS)[number]) => [
    makeSvg("line", { x1: place(levels.min), x2: place(levels.max), y1: y + HEIGHT / 2, y2: y + HEIGHT / 2, class: `${key} extremes` }),
    bar(levels.p5, levels.p95, y, `${key} most`),
    bar(levels.p25, levels.p75, y, `${key} half`),
    makeSvg("line", { x1: place(levels.p50), x2: place(levels.p50), y1: y - 2, y2: y + HEIGHT + 2, class: "mark" }),
  ];
  const words = (levels: Levels) => `${count(levels.p5)} to ${count(levels.p95)} steps in nine of ten runs, median ${count(levels.p50)}`;
  const svg = makeSvg(
    "svg",
    { viewBox: `0 0 ${String(WIDTH)} 56`, class: "gauge spread", role: "img", "aria-label": `Right to 1 %: ${words(trusted1)}. Right to 5 %: ${words(trusted5)}. Of ${count(steps)}.` },
    ...row(trusted1, ROWS[0]),
    ...row(trusted5, ROWS[1]),
  );
  let reached = -Infinity;
  for (const step of [...new Set([trusted1.p50, trusted5.p50, steps])].sort((a, b) => a - b)) {
    const text = count(step);
    const x = place(step);
    const room = text.length * 6.6;
    const anchor = x > WIDTH - room / 2 ? "end" : x < room / 2 ? "start" : "middle";
    const left = anchor === "end" ? x - room : anchor === "start" ? x : x - room / 2;
    if (left < reached + 4) continue;
    reached = left + room;
    svg.append(makeSvg("text", { x, y: 50, "text-anchor": anchor }, text));
  }
  return svg;
}
