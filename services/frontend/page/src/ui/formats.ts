/** Links to the result in every format, with their sizes, and the share link. */
import { pathOf } from "../model/address";
import { size } from "../model/format";
import type { Question } from "../model/input";
import { element, make } from "./elements";

/** Name of a resource, and what it is for a person. */
type Formats = readonly (readonly [string, string])[];

export const RUN_FORMATS: Formats = [
  ["data.json", "every record"],
  ["data.js", "for a script tag"],
  ["data.arrow", "Apache Arrow file"],
  ["overview", "this picture"],
  ["summary", "the verdict"],
];

export const ENSEMBLE_FORMATS: Formats = [
  ["data.json", "every band and curve"],
  ["data.arrow", "Apache Arrow file"],
  ["overview", "this picture"],
  ["summary", "the numbers above"],
];

/** Without sizes, the same lines without links: nothing moves when they come. */
export function showFormats(formats: Formats, question: Question | null, sizes: Readonly<Record<string, { readonly bytes: number }>> | null): void {
  element("formats").replaceChildren(
    ...formats.map(([name, what]) => {
      const bytes = sizes?.[name];
      const link = question && sizes ? make("a", { href: pathOf(question, name) }, name) : make("span", {}, name);
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
