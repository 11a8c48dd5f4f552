import { kubectlJson } from "./kubectl";
import type { List } from "./pods";

/** A namespace with this label was made by these tests: they may delete it. */
export const OURS = { "porta/test": "true" };

/** Every namespace that these tests make, and delete. */
export const namespaces = {
  platform: process.env.NAMESPACE ?? "porta-test",
  /** For strangers to the platform. */
  outside: `${process.env.NAMESPACE ?? "porta-test"}-outside`,
  images: "porta-test-images",
  /** As the stack names it that Terraform has applied: the objects are compared to the last letter. */
  sample: "sample",
};

/**
 * Run once before all tests. Where this throws, none of them runs, nor what they do before and after: that deletes.
 *
 * @throws Error where a namespace of somebody else has the name of one of ours
 */
export default function claim(): void {
  const { items } = kubectlJson(["get", "namespaces"]) as List<{ metadata: { name: string; labels?: Record<string, string> } }>;
  const [label, value] = Object.entries(OURS)[0] as [string, string];
  const foreign = items.filter(({ metadata }) => Object.values(namespaces).includes(metadata.name) && metadata.labels?.[label] !== value);
  if (foreign.length === 0) return;
  const names = foreign.map(({ metadata: { name } }) => name).join(", ");
  throw new Error(
    `There is a namespace ${names} that no test has made (it has no label ${label}=${value}), and these tests delete theirs. ` +
      "Take another cluster, or name another namespace for the platform by NAMESPACE.",
  );
}
