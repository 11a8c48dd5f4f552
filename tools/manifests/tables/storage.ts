import { block, bool, ignored, inline, many, map, one, string, strings } from "./field";
import { claimSpec, clusterWide, namespaced, nodeSelectorTerm, persistent } from "./shared";
import { hostPath, inTreeDrivers, nfs } from "./volume";

export const persistentVolumeClaim = block({
  metadata: namespaced,
  spec: one(claimSpec),
  timeouts: ignored,
  wait_until_bound: ignored,
});

const secretRef = one(block({ name: string(), namespace: string() }));

const source = block({
  csi: one(
    block({
      driver: string({ sent: true }),
      fs_type: string(),
      read_only: bool(),
      volume_attributes: map(),
      volume_handle: string({ sent: true }),
      controller_expand_secret_ref: secretRef,
      controller_publish_secret_ref: secretRef,
      node_publish_secret_ref: secretRef,
      node_stage_secret_ref: secretRef,
    }),
  ),
  host_path: hostPath,
  local: one(block({ path: string() })),
  nfs,
  ...inTreeDrivers,
});

export const persistentVolume = block({
  metadata: persistent,
  timeouts: ignored,
  spec: one(
    block({
      access_modes: strings({ set: "text" }),
      capacity: map(),
      claim_ref: one(block({ name: string(), namespace: string({ default: "default" }) })),
      mount_options: strings({ set: "text" }),
      node_affinity: one(
        block({ required: one(block({ node_selector_term: many("nodeSelectorTerms", nodeSelectorTerm) })) }),
      ),
      persistent_volume_reclaim_policy: string({ default: "Retain" }),
      persistent_volume_source: inline(source),
      storage_class_name: string(),
      volume_mode: string({ default: "Filesystem" }),
    }),
  ),
});

export const storageClass = block({
  metadata: clusterWide,
  allow_volume_expansion: bool({ default: true, sent: true }),
  allowed_topologies: many(
    "allowedTopologies",
    block({
      match_label_expressions: many(
        "matchLabelExpressions",
        block({ key: string({ sent: true }), values: strings({ set: "serialized" }) }),
      ),
    }),
  ),
  mount_options: strings({ set: "text" }),
  parameters: map(),
  reclaim_policy: string({ default: "Delete" }),
  storage_provisioner: string({ name: "provisioner", sent: true }),
  volume_binding_mode: string({ default: "Immediate" }),
});
