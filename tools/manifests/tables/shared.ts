import { block, integer, map, many, one, refused, string, strings, type Block, type BlockField } from "./field";

const generate_name = refused("a generated name is another object at each apply: give it a name");
const metadata = (more: Block["fields"]): BlockField =>
  one(block({ name: string(), ...more, labels: map(), annotations: map({ sealed: "noted" }) }));

/** Objects in a namespace: the provider's default namespace is `default`, whatever the kubeconfig says. */
export const namespaced = metadata({ namespace: string({ default: "default" }), generate_name });
export const clusterWide = metadata({ generate_name });
/** The one kind whose name the provider never generates. */
export const persistent = metadata({});
/** Metadata of what controllers make: no default namespace, and for a Job's pods none at all. */
export const templated = metadata({ namespace: string(), generate_name });
export const jobTemplated = clusterWide;

const requirement = block({
  key: string({ sent: true }),
  operator: string({ sent: true }),
  values: strings({ set: "text" }),
});

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
export const seccompProfile = block(
  { type: string({ sent: true }), localhost_profile: string({ sent: true }) },
  (rendered) => (rendered.type === "Localhost" ? rendered : { type: rendered.type }),
);

export const user = { run_as_user: integer(), run_as_group: integer() };
