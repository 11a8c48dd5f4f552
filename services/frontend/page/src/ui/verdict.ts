/** The verdict for a person: the server's words, and how the trusted part compares to the whole. */
import { count, percent, plural, quantity } from "../model/format";
import type { Summary } from "../model/verdict";
import { element, make, makeSvg } from "./elements";

export function showVerdict(summary: Summary | null): void {
  const host = element("verdict");
  if (!summary) {
    host.replaceChildren(make("p", { class: "waiting" }, "The verdict comes with the last step."));
    return;
  }
  host.replaceChildren(
    make("p", { class: "headline" }, headline(summary)),
    gauge(summary),
    make("p", { class: "words" }, summary.verdict.words),
    facts(summary),
  );
}

function headline({ steps, verdict }: Summary): string {
  if (verdict.trusted5 >= steps) return steps === 1 ? "The one step holds" : `All ${count(steps)} steps hold`;
  if (verdict.trusted5 === 0) return "No step holds to 5 %";
  return `${count(verdict.trusted5)} of ${plural(steps, "step")} hold`;
}

function facts({ steps, verdict }: Summary): HTMLElement {
  const list = make("dl", { class: "facts" });
  const add = (term: string, text: string, key?: string) => {
    list.append(make("dt", key ? { "data-key": key } : {}, term), make("dd", {}, text));
  };
  const until = (trusted: number) => (trusted >= steps ? "to the end" : plural(trusted, "step"));
  add("Energy right to 1 %", until(verdict.trusted1), "trusted1");
  add("Energy right to 5 %", until(verdict.trusted5), "trusted5");
  add("Satellite gets away", verdict.ejected === null ? "no" : `step ${count(verdict.ejected)}`, "beyond");
  add("Energy error, most / last", `${percent(verdict.energyError.largest, 1)} / ${percent(verdict.energyError.last, 1)}`);
  add("Distance off, most / last", `${quantity(verdict.kepler.largest)} / ${quantity(verdict.kepler.last)}`);
  return list;
}

const WIDTH = 320;
const BAR = { y: 4, height: 12 };

/** A bar over the steps on a logarithmic scale, on which 16 of 1,000,000 can still be seen. */
function gauge({ steps, verdict }: Summary): SVGElement {
  const place = (step: number) => (WIDTH * Math.log10(Math.max(1, step) + 1)) / Math.log10(steps + 1);
  const part = (from: number, to: number, kind: string) =>
    makeSvg("rect", { x: from, y: BAR.y, width: Math.max(0, to - from), height: BAR.height, class: kind });
  const [one, five] = [Math.min(verdict.trusted1, steps), Math.min(verdict.trusted5, steps)].map((trusted) => (trusted === 0 ? 0 : place(trusted)));
  const svg = makeSvg(
    "svg",
    { viewBox: `0 0 ${String(WIDTH)} 44`, class: "gauge", role: "img", "aria-label": `Right to 1 % for ${plural(verdict.trusted1, "step")}, to 5 % for ${count(verdict.trusted5)}, of ${count(steps)}` },
    part(0, one ?? 0, "t1"),
    part(one ?? 0, five ?? 0, "t5"),
    part(five ?? 0, WIDTH, "t9"),
  );
  let reached = -Infinity;
  const marks: [number, string][] = [
    [verdict.trusted1, count(verdict.trusted1)],
    [verdict.trusted5, count(verdict.trusted5)],
    ...(verdict.ejected === null ? [] : ([[verdict.ejected, `away ${count(verdict.ejected)}`]] as [number, string][])),
    [steps, count(steps)],
  ];
  for (const [step, text] of marks) {
    if (step === 0 || step > steps) continue;
    const x = place(step);
    const anchor = x > WIDTH - 40 ? "end" : x < 20 ? "start" : "middle";
    const room = text.length * 6.2;
    const left = anchor === "end" ? x - room : anchor === "start" ? x : x - room / 2;
    if (step < steps) svg.append(makeSvg("line", { x1: x, x2: x, y1: BAR.y - 3, y2: BAR.y + BAR.height + 3, class: "mark" }));
    if (left < reached + 4) continue;
    reached = left + room;
    svg.append(makeSvg("text", { x, y: 33, "text-anchor": anchor }, text));
  }
  return svg;
}
