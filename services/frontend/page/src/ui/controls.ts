/** Frame, span, zoom, and links that stay on the page. */
import type { Frame, Span, View } from "../model/address";
import { element } from "./elements";

export interface Wishes {
  look(change: { readonly frame: Frame } | { readonly span: Span }): void;
  zoom(inwards: boolean): void;
  fit(): void;
  go(path: string): void;
}

export function attachControls({ look, zoom, fit, go }: Wishes): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".segmented input")) {
    input.addEventListener("change", () => {
      look(input.name === "frame" ? { frame: input.value as Frame } : { span: input.value as Span });
    });
  }
  element("zoom-in").addEventListener("click", () => {
    zoom(true);
  });
  element("zoom-out").addEventListener("click", () => {
    zoom(false);
  });
  element("fit").addEventListener("click", fit);
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-run], a[data-home], #home, .skip");
    if (!link) return;
    event.preventDefault();
    // The fragment of the address holds the view, so this link may not go into it.
    if (link.matches(".skip")) element("plane").focus();
    else go(link.pathname + link.search);
  });
}

export function showControls({ frame, span }: View): void {
  for (const [name, value] of Object.entries({ frame, span })) {
    const input = document.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`);
    if (input) input.checked = true;
  }
}
