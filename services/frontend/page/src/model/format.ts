/** Numbers and sizes as a person reads them. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 1000000 → "1,000,000". */
export const count = (value: number): string => whole.format(value);

/** "1 step", "470 steps". */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Bytes in powers of 1,000, as browsers and disks state them: 5218 → "5.2 kB". */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** Seconds left or taken: "less than a second", "12 s", "3 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return "less than a second";
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${String(rounded)} s`;
  return `${String(Math.floor(rounded / 60))} min ${String(rounded % 60)} s`;
}

/** A signed share: −0.0123 → "−1.23 %", with a true minus sign. */
export function percent(value: number, digits = 2): string {
  const hundredfold = value * 100;
  const size = Math.abs(hundredfold);
  const text = size >= 1000 ? count(size) : size >= 100 ? size.toFixed(0) : size.toFixed(digits);
  return `${hundredfold < 0 && Number(text.replaceAll(",", "")) !== 0 ? "−" : ""}${text} %`;
}

/** A quantity of the model to about four digits, without "-0" and without exponents a reader must decode below a million. */
export function quantity(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return minus(value.toExponential(2));
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  const text = new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(value);
  return minus(text === "-0" ? "0" : text);
}

/** Typography: a minus sign rather than a hyphen. */
export const minus = (text: string): string => text.replace(/-/g, "−");
