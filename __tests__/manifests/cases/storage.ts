import { metadata, type Case } from "./case";

const clusterWide = { name: "it" };

export const storage: readonly Case[] = [
  {
    title: "a PersistentVolumeClaim",
    type: "kubernetes_persistent_volume_claim_v1",
    given: {
      metadata,
      spec: { access_modes: ["b", "a"], volume_name: "v", volume_mode: "Block", selector: {}, storage_class_name: "" },
      wait_until_bound: false,
    },
    made: {
      metadata,
      spec: { accessModes: ["b", "a"], resources: {}, selector: {}, volumeMode: "Block", volumeName: "v" },
    },
  },
  {
    title: "a PersistentVolume: its source stands in its spec",
    type: "kubernetes_persistent_volume_v1",
    given: {
      metadata: clusterWide,
      spec: [
        {
          access_modes: ["a", "b"],
          capacity: { storage: "1Gi" },
          mount_options: ["a", "b"],
          claim_ref: { name: "c" },
          node_affinity: {
            required: { node_selector_term: { match_expressions: [{ key: "k", operator: "Exists" }] } },
          },
          persistent_volume_source: {
            local: { path: "/p" },
            csi: { driver: "d", node_stage_secret_ref: { name: "n", namespace: "m" } },
          },
        },
      ],
    },
    made: {
      metadata: clusterWide,
      spec: {
        accessModes: ["b", "a"],
        capacity: { storage: "1Gi" },
        claimRef: { name: "c", namespace: "default" },
        mountOptions: ["b", "a"],
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "k", operator: "Exists" }] }] } },
        persistentVolumeReclaimPolicy: "Retain",
        local: { path: "/p" },
        csi: { driver: "d", volumeHandle: "", nodeStageSecretRef: { name: "n", namespace: "m" } },
        volumeMode: "Filesystem",
      },
    },
  },
  {
    title: "a PersistentVolume's source with one half unset",
    type: "kubernetes_persistent_volume_v1",
    given: { metadata: clusterWide, spec: { persistent_volume_source: { csi: { volume_handle: "h" } } } },
    made: {
      metadata: clusterWide,
      spec: {
        persistentVolumeReclaimPolicy: "Retain",
        csi: { driver: "", volumeHandle: "h" },
        volumeMode: "Filesystem",
      },
    },
  },
  {
    title: "a StorageClass with nothing set",
    type: "kubernetes_storage_class_v1",
    given: { metadata: clusterWide },
    made: {
      metadata: clusterWide,
      allowVolumeExpansion: true,
      provisioner: "",
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
  },
  {
    title: "a StorageClass",
    type: "kubernetes_storage_class_v1",
    given: {
      metadata: clusterWide,
      allow_volume_expansion: false,
      storage_provisioner: "p",
      mount_options: ["a", "b"],
      allowed_topologies: { match_label_expressions: [{ values: ["1", "2", "3"] }, { key: "k" }] },
    },
    made: {
      metadata: clusterWide,
      allowVolumeExpansion: false,
      allowedTopologies: [{ matchLabelExpressions: [{ key: "", values: ["2", "3", "1"] }, { key: "k" }] }],
      mountOptions: ["b", "a"],
      provisioner: "p",
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
  },
];
