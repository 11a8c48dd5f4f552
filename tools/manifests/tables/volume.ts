import { fieldRef, resourceFieldRef } from "./container";
import { block, bool, many, map, number, octal, one, refused, string, type Field } from "./field";
import { claimSpec } from "./shared";

const keyToPath = block({ key: string({ sent: true }), path: string({ sent: true }), mode: octal() });
const optional = bool({ sent: true });
const defaultMode = octal({ default: "0644" });
const downwardFile = block({
  path: string({ sent: true }),
  mode: octal(),
  field_ref: one(fieldRef),
  resource_field_ref: one(resourceFieldRef),
});
const projection = block({ name: string(), items: many("items", keyToPath), optional });

/** Drivers of single storage products, most of them gone from Kubernetes in favour of CSI. */
const inTree = refused(
  "this storage driver is not rendered: use csi, nfs, host_path, local or a persistent volume claim",
);
export const inTreeDrivers: Readonly<Record<string, Field>> = Object.fromEntries(
  [
    "aws_elastic_block_store",
    "azure_disk",
    "azure_file",
    "ceph_fs",
    "cinder",
    "fc",
    "flex_volume",
    "flocker",
    "gce_persistent_disk",
    "glusterfs",
    "iscsi",
    "photon_persistent_disk",
    "quobyte",
    "rbd",
    "vsphere_volume",
  ].map((driver) => [driver, inTree]),
);

export const hostPath = one(block({ path: string({ sent: true }), type: string({ sent: true }) }));
export const nfs = one(block({ server: string({ sent: true }), path: string({ sent: true }), read_only: bool() }));

export const volume = block({
  name: string({ sent: true }),
  config_map: one(block({ name: string(), default_mode: defaultMode, items: many("items", keyToPath), optional })),
  csi: one(
    block({
      driver: string({ sent: true }),
      fs_type: string(),
      read_only: bool({ sent: true }),
      volume_attributes: map(),
      node_publish_secret_ref: one(block({ name: string() })),
    }),
  ),
  downward_api: one(block({ default_mode: defaultMode, items: many("items", downwardFile) }), { name: "downwardAPI" }),
  empty_dir: one(block({ medium: string(), size_limit: string() })),
  ephemeral: one(
    block({
      volume_claim_template: one(
        block({ metadata: one(block({ annotations: map(), labels: map() })), spec: one(claimSpec) }),
      ),
    }),
  ),
  git_repo: refused("volumes cloned from git are gone from Kubernetes: use an init container"),
  host_path: hostPath,
  local: refused("a pod has no local volumes: use a persistent volume"),
  nfs,
  persistent_volume_claim: one(block({ claim_name: string({ sent: true }), read_only: bool() })),
  projected: one(
    block({
      default_mode: defaultMode,
      sources: many(
        "sources",
        block({
          secret: many("secret", projection),
          config_map: many("configMap", projection),
          downward_api: many("downwardAPI", block({ items: many("items", downwardFile) })),
          service_account_token: many(
            "serviceAccountToken",
            block({ audience: string(), expiration_seconds: number({ default: 3600 }), path: string({ sent: true }) }),
          ),
        }),
        { split: true },
      ),
    }),
  ),
  secret: one(block({ secret_name: string(), default_mode: defaultMode, items: many("items", keyToPath), optional })),
  ...inTreeDrivers,
});
