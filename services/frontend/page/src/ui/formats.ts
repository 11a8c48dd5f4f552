/** Links to the result in every format, with their sizes, and the share link. */
import { pathOf } from "../model/address";
import { size } from "../model/format";
import type { Run } from "../model/input";
import type { Summary } from "../model/verdict";
import { element, make } from "./elements";

const FORMATS: readonly (readonly [string, string])[] = [
  ["data.json", "every record"],
  ["data.js", "for a script tag"],
  ["data.arrow", "Apache Arrow"],
  ["overview", "this picture"],
  ["summary", "the verdict"],
];

/** Without a summary, the same lines without sizes and links: nothing moves when they come. */
export function showFormats(run: Run | null, summary: Summary | null): void {
  element("formats").replaceChildren(
    ...FORMATS.map(([name, what]) => {
      const bytes = summary?.sizes[name];
      const link = run && summary ? make("a", { href: pathOf(run, name) }, name) : make("span", {}, name);
      return make("li", {}, link, make("small", {}, bytes ? `${what} · ${size(bytes.bytes)}` : what));
    }),
  );
}

export function attachCopy(): void {
  const copied = element("copied");
  element("copy").addEventListener("click", () => {
    void copy(location.href).then((done) => {
      copied.textContent = done ? "Copied" : "Copy it from the address bar";
      setTimeout(() => (copied.textContent = ""), 4000);
    });
  });
}

/** The clipboard interface exists on secure origins only; Porta also runs over plain http. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "hidden", "aria-hidden": "true" }) as HTMLTextAreaElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
