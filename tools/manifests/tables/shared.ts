import { block, integer, map, many, one, refused, string, strings, type Block } from "./field";

const generated = refused("a generated name is another object at each apply: give it a name");

function metadata(namespace: "none" | "default" | "template"): Block {
  return block({
    name: string(),
    generate_name: generated,
    ...(namespace === "none" ? {} : { namespace: namespace === "default" ? string({ default: "default" }) : string() }),
    labels: map(),
    annotations: map({ sealed: "noted" }),
  });
}

/** Objects in a namespace: the provider's default namespace is `default`, whatever the kubeconfig says. */
export const namespaced = one(metadata("default"), { sent: true });
export const clusterWide = one(metadata("none"), { sent: true });
/** Metadata of what controllers make; the provider has no default namespace for it. */
export const templated = one(metadata("template"), { sent: true });

const requirement = block({ key: string({ sent: true }), operator: string({ sent: true }), values: strings({ set: "text" }) });

export const labelSelector = block({
  match_labels: map(),
  match_expressions: many("matchExpressions", requirement),
});

export const nodeSelectorTerm = block({
  match_expressions: many("matchExpressions", requirement),
  match_fields: many("matchFields", requirement),
});

export const resourceRequirements = block({ limits: map(), requests: map() });

export const claimSpec = block({
  access_modes: strings({ set: "text" }),
  resources: one(resourceRequirements, { sent: true }),
  selector: one(labelSelector),
  storage_class_name: string(),
  volume_mode: string(),
  volume_name: string(),
});

export const seLinuxOptions = block({ level: string(), role: string(), type: string(), user: string() });

/** The provider sends a local profile's path only where the type asks for one. */
export const seccompProfile = block({ type: string({ sent: true }), localhost_profile: string({ sent: true }) }, (rendered) =>
  rendered.type === "Localhost" ? rendered : { type: rendered.type },
);

export const user = { run_as_user: integer(), run_as_group: integer() };
