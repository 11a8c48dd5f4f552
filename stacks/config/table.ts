import type { Variable } from "./variable";
import { variables } from "./variables";

/** The configuration as Markdown: every variable, its default, what it means and what it may be. */
export function configurationTable(): string {
  const rows = Object.entries<Variable<unknown>>(variables).map(([name, { default: preset, meaning, allowed }]) =>
    [`\`${name}\``, preset === "" ? "" : `\`${preset}\``, meaning, allowed].join(" | "));
  return ["| variable | default | | allowed |", "|---|---|---|---|", ...rows.map((row) => `| ${row} |`), ""].join("\n");
}
