/** Kubernetes quantities as whole numbers, printed the way the API server prints them, so that no plan sees a change. */

/** Millicores of a CPU quantity (`250m`, `1`, `0.5`), or undefined. */
export function millicores(text: string): number | undefined {
  const [, number, unit] = /^([0-9]{1,6}(?:\.[0-9]{1,3})?)(m?)$/.exec(text) ?? [];
  if (number === undefined || (unit === "m" && number.includes("."))) return undefined;
  return unit === "m" ? Number(number) : Math.round(Number(number) * 1000);
}

/** Mebibytes of a memory or storage quantity (`384Mi`, `2Gi`), or undefined. */
export function mebibytes(text: string): number | undefined {
  const [, number, unit] = /^([1-9][0-9]{0,6})(Mi|Gi)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === "Gi" ? 1024 : 1);
}

/** `250m`, or `2` for whole cores. */
export function printCpu(value: number): string {
  return value % 1000 === 0 ? String(value / 1000) : `${value}m`;
}

/** `384Mi`, or `2Gi` for whole gibibytes. */
export function printMemory(value: number): string {
  return value % 1024 === 0 ? `${value / 1024}Gi` : `${value}Mi`;
}
