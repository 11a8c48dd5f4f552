import { Document, Scalar, visit } from "yaml";
import type { KubernetesObject } from "./stack";

/** Marks files that this tool wrote, and may therefore replace or remove. */
export const HEADER = "# Written by `npm run manifests`; changes made here are lost.";

/**
 * Objects as a YAML stream. kubectl reads a mixture of YAML 1.1 and 1.2, other tools either: text that any of them
 * could take for something else than text ("yes", "0o14", "1e3", "1:30") is quoted.
 */
export function toYaml(objects: readonly KubernetesObject[], comments: readonly string[] = []): string {
  const head = [HEADER, ...comments.map((line) => `# ${line}`.trimEnd())].join("\n");
  return `${head}\n${objects.map((object) => `---\n${document(object)}`).join("")}`;
}

/** The words of all versions, and whatever starts as a number, a date or an operator may. */
const ambiguous = /^([-+]?[.\d].*|[=<~].*|y|n|yes|no|on|off|true|false|null)$/i;
/** Line breaks to YAML 1.1, and a mark that readers drop: they survive only as escapes. */
const breaks = /[\u0085\u2028\u2029\ufeff]/;

function document(object: KubernetesObject): string {
  const tree = new Document(object, { version: "1.1", aliasDuplicateObjects: false });
  visit(tree, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && (ambiguous.test(scalar.value) || breaks.test(scalar.value)))
        scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = tree.toString({ lineWidth: 0, directives: false });
  return text.replace(new RegExp(breaks, "g"), (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
