import { block, many, one, string, strings } from "./field";
import { clusterWide, labelSelector, namespaced } from "./shared";

const roleRef = one(
  block({ api_group: string({ sent: true }), kind: string({ sent: true }), name: string({ sent: true }) }),
);
const subject = many(
  "subjects",
  block({
    api_group: string(),
    kind: string({ sent: true }),
    name: string({ sent: true }),
    namespace: string({ default: "default" }),
  }),
);

export const roleBinding = block({ metadata: namespaced, role_ref: roleRef, subject });
export const clusterRoleBinding = block({ metadata: clusterWide, role_ref: roleRef, subject });

/** A Role's rules are sets to the provider, a ClusterRole's are lists. */
export const role = block({
  metadata: namespaced,
  rule: many(
    "rules",
    block({
      api_groups: strings({ set: "text" }),
      resource_names: strings({ set: "text" }),
      resources: strings({ set: "text" }),
      verbs: strings({ set: "text", sent: true }),
    }),
    { sent: true },
  ),
});

export const clusterRole = block({
  metadata: clusterWide,
  aggregation_rule: one(block({ cluster_role_selectors: many("clusterRoleSelectors", labelSelector) })),
  rule: many(
    "rules",
    block({
      api_groups: strings(),
      non_resource_urls: strings({ name: "nonResourceURLs" }),
      resource_names: strings(),
      resources: strings(),
      verbs: strings({ sent: true }),
    }),
    { sent: true },
  ),
});
