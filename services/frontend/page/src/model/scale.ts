/** Scales and their ticks. */

/** Multiples of 1, 2 or 5 times a power of ten in [from, to], about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [from];
  const raw = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  return multiples(step, from, to);
}

/** Multiples of `step` in [from, to]; none where numbers are farther apart than that. */
export function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => clean((first + i) * step));
}

/** The distance between neighbouring ticks, from which a label's digits follow. */
export function tickLabel(value: number, all: readonly number[]): string {
  const step = all.length > 1 ? Math.abs((all[1] ?? 0) - (all[0] ?? 0)) : Math.abs(value) || 1;
  const size = Math.max(...all.map(Math.abs), step);
  if (size >= 1e7) return `${clean(value / 1e6).toLocaleString("en")}M`.replace(/^0M$/, "0").replace("-", "−");
  const digits = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  return value
    .toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(0(\.0*)?)$/, "$1")
    .replace("-", "−");
}

const clean = (value: number): number => Number(value.toPrecision(12));

/**
 * A scale that is linear near zero and logarithmic far from it, for errors of either sign over many powers of ten
 * (asinh, after Webber 2013, "A bi-symmetric log transformation"). `linear` is about where the change happens.
 */
export function symlog(linear: number): { to: (value: number) => number } {
  return { to: (value) => Math.asinh(value / linear) };
}
