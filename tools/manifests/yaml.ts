import { Document } from "yaml";
import type { KubernetesObject } from "./stack";

/** Marks files that this tool wrote, and may therefore replace or remove. */
export const HEADER = "# Written by `npm run manifests`; changes made here are lost.";

/**
 * Objects as a YAML stream. kubectl reads YAML 1.1, Flux and others 1.2: text that either takes for something
 * else than text ("yes", "0o14", "1e3", "1:30") is quoted.
 */
export function toYaml(objects: readonly KubernetesObject[], comments: readonly string[] = []): string {
  const head = [HEADER, ...comments.map((line) => `# ${line}`.trimEnd())].join("\n");
  return `${head}\n${objects.map((object) => `---\n${document(object)}`).join("")}`;
}

function document(object: KubernetesObject): string {
  const text = new Document(object, { version: "1.1", aliasDuplicateObjects: false });
  return text.toString({ lineWidth: 0, directives: false });
}
