/** The picture as a table, for those who read rather than see it. Filled when it is opened. */
import { element, make } from "./elements";

export interface Table {
  readonly caption: string;
  /** The first column names its row. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function showTable(table: () => Table): void {
  if (!element<HTMLDetailsElement>("numbers").open) return;
  const { caption, columns, rows } = table();
  element("caption").textContent = caption;
  element("columns").replaceChildren(...columns.map((name) => make("th", { scope: "col" }, name)));
  element("rows").replaceChildren(
    ...rows.map(([name = "", ...cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((text) => make("td", {}, text)))),
  );
}

export function clearTable(): void {
  for (const id of ["caption", "columns", "rows"]) element(id).replaceChildren();
}

/** Calls back when the table is opened. */
export function onTableOpened(opened: () => void): void {
  element("numbers").addEventListener("toggle", opened);
}
