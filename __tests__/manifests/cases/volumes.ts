import { podCase, type Case } from "./case";

const item = { key: "k", path: "p" };

export const volumes: readonly Case[] = [
  podCase(
    "volumes: modes are octal, by default 0644",
    {
      volume: [
        { name: "a", config_map: { name: "m", items: [item, { key: "k", mode: "0400" }] } },
        { config_map: { name: "m", default_mode: "0440", optional: true } },
        { name: "b", secret: { secret_name: "s", items: [{ path: "p" }] } },
        { name: "c", empty_dir: {} },
        { name: "d", empty_dir: { medium: "Memory", size_limit: "1Mi" } },
        {
          name: "e",
          downward_api: {
            items: [
              { path: "p", mode: "0777", field_ref: { field_path: "f" } },
              { resource_field_ref: { resource: "r" } },
            ],
          },
        },
        { name: "f", persistent_volume_claim: { claim_name: "c", read_only: true } },
        { name: "g", persistent_volume_claim: { read_only: true } },
        { name: "h", host_path: { path: "/h" } },
        { name: "i", host_path: { type: "File" } },
        { name: "j", nfs: { server: "s", path: "/p", read_only: true } },
        { name: "k", nfs: { read_only: true } },
        { name: "l", csi: { driver: "d", volume_attributes: { a: "b" }, node_publish_secret_ref: { name: "s" } } },
        { name: "m", csi: { read_only: true } },
      ],
    },
    {
      volumes: [
        {
          name: "a",
          configMap: { name: "m", defaultMode: 420, items: [item, { key: "k", path: "", mode: 256 }], optional: false },
        },
        { name: "", configMap: { name: "m", defaultMode: 288, optional: true } },
        { name: "b", secret: { secretName: "s", defaultMode: 420, items: [{ key: "", path: "p" }], optional: false } },
        { name: "c", emptyDir: {} },
        { name: "d", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        {
          name: "e",
          downwardAPI: {
            defaultMode: 420,
            items: [
              { path: "p", mode: 511, fieldRef: { apiVersion: "v1", fieldPath: "f" } },
              { path: "", resourceFieldRef: { resource: "r", divisor: "1" } },
            ],
          },
        },
        { name: "f", persistentVolumeClaim: { claimName: "c", readOnly: true } },
        { name: "g", persistentVolumeClaim: { claimName: "", readOnly: true } },
        { name: "h", hostPath: { path: "/h", type: "" } },
        { name: "i", hostPath: { path: "", type: "File" } },
        { name: "j", nfs: { server: "s", path: "/p", readOnly: true } },
        { name: "k", nfs: { server: "", path: "", readOnly: true } },
        {
          name: "l",
          csi: { driver: "d", readOnly: false, volumeAttributes: { a: "b" }, nodePublishSecretRef: { name: "s" } },
        },
        { name: "m", csi: { driver: "", readOnly: true } },
      ],
    },
  ),
  podCase(
    "each source of a projected volume is a source of its own",
    {
      volume: [
        {
          name: "v",
          projected: [
            {
              sources: [
                { config_map: [{ name: "m" }, { name: "n", items: [item] }], secret: [{ name: "s", optional: true }] },
                { service_account_token: { path: "p" }, downward_api: { items: [{ path: "q" }] } },
                { service_account_token: { audience: "a", expiration_seconds: 600 } },
              ],
            },
          ],
        },
        {
          name: "w",
          ephemeral: {
            volume_claim_template: {
              metadata: { labels: { a: "b" } },
              spec: { access_modes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
      ],
    },
    {
      volumes: [
        {
          name: "v",
          projected: {
            defaultMode: 420,
            sources: [
              { secret: { name: "s", optional: true } },
              { configMap: { name: "m", optional: false } },
              { configMap: { name: "n", items: [item], optional: false } },
              { downwardAPI: { items: [{ path: "q" }] } },
              { serviceAccountToken: { expirationSeconds: 3600, path: "p" } },
              { serviceAccountToken: { audience: "a", expirationSeconds: 600, path: "" } },
            ],
          },
        },
        {
          name: "w",
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { labels: { a: "b" } },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
      ],
    },
  ),
];
