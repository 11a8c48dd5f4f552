/** Frame, span, zoom, and links that stay on the page. */
export type Zoom = "in" | "out" | "fit";

export interface Wishes {
  /** A choice among several: `frame` shall be `inertial`. */
  choose(name: string, value: string): void;
  zoom(zoom: Zoom): void;
  skip(): void;
  go(path: string): void;
}

export function attachControls({ choose, zoom, skip, go }: Wishes): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".segmented input")) {
    input.addEventListener("change", () => {
      choose(input.name, input.value);
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-zoom]")) {
    button.addEventListener("click", () => {
      zoom(button.dataset["zoom"] as Zoom);
    });
  }
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-run], a[data-home], #home, .skip");
    if (!link) return;
    event.preventDefault();
    // The fragment of the address holds the view, so this link may not go into it.
    if (link.matches(".skip")) skip();
    else go(link.pathname + link.search + link.hash);
  });
}

/** Shows what is chosen; null: none of them. */
export function showControls(chosen: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(chosen)) {
    for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) input.checked = input.value === value;
  }
}
