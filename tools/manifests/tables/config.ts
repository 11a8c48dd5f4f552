import { block, bool, ignored, many, map, number, one, refused, string } from "./field";
import { clusterWide, namespaced } from "./shared";

export const namespace = block({ metadata: clusterWide, timeouts: ignored, wait_for_default_service_account: ignored });

export const configMap = block({
  metadata: namespaced,
  binary_data: map(),
  data: map(),
  immutable: bool({ sent: true }),
});

const writeOnly = refused(
  "write-only data never reaches the synthesized stack's state: use data with a sensitive variable",
);

/** Both maps end in `data`: the provider sends the plain one as stringData, which the API server merges in, winning. */
export const secret = block(
  {
    metadata: namespaced,
    type: string({ default: "Opaque" }),
    immutable: bool(),
    binary_data: map({ sealed: "kept" }),
    data: map({ sealed: "kept", encode: "base64" }),
    binary_data_wo: writeOnly,
    binary_data_wo_revision: writeOnly,
    data_wo: writeOnly,
    data_wo_revision: writeOnly,
    timeouts: ignored,
    wait_for_service_account_token: ignored,
  },
  ({ binaryData, data, ...rest }) => {
    const all = { ...(binaryData as object | undefined), ...(data as object | undefined) };
    return Object.keys(all).length === 0 ? rest : { ...rest, data: all };
  },
);

const reference = block({ name: string() });

export const serviceAccount = block({
  metadata: namespaced,
  automount_service_account_token: bool({ default: true, sent: true }),
  image_pull_secret: many("imagePullSecrets", reference, { set: "serialized" }),
  secret: many("secrets", reference, { set: "serialized" }),
  timeouts: ignored,
});

export const resourceQuota = block({
  metadata: namespaced,
  timeouts: ignored,
  spec: one(
    block({
      hard: map(),
      scope_selector: one(
        block({
          match_expression: many(
            "matchExpressions",
            block({
              scope_name: string({ sent: true }),
              operator: string({ sent: true }),
              values: { kind: "list", of: "string", set: "text" },
            }),
          ),
        }),
      ),
      scopes: { kind: "list", of: "string", set: "text" },
    }),
  ),
});

export const limitRange = block({
  metadata: namespaced,
  spec: one(
    block({
      limit: many(
        "limits",
        block({
          type: string({ sent: true }),
          default: map(),
          default_request: map(),
          max: map(),
          max_limit_request_ratio: map(),
          min: map(),
        }),
      ),
    }),
  ),
});

export const priorityClass = block({
  metadata: clusterWide,
  description: string(),
  global_default: bool(),
  preemption_policy: string({ default: "PreemptLowerPriority" }),
  value: number({ sent: true }),
});
