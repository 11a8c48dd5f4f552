/** The colours of the scheme in use, as the style sheet has them, for what a style sheet cannot reach. */
const NAMES = [
  "surface", "ink", "muted", "rule", "grid", "axis", "planet", "trusted1", "trusted5", "beyond", "exact", "accent",
] as const;

export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Palette;
}

/** Calls back when the person or the evening switches between light and dark. */
export function onSchemeChange(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

export const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
