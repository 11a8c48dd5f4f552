import { RenderError, type Place } from "./errors";
import { evaluate } from "./expressions/evaluate";
import { isObject, type JsonObject } from "./json";
import { kinds, literalKind, literalMembers } from "./kinds";
import { inOrderOfUse, type Resource } from "./order";
import { renderBlock, type Note } from "./render";
import { sealOver } from "./secret";
import { StackScope } from "./scope";
import type { Values } from "./variables";

/** A Kubernetes object. Where secrets are not filled in, a Secret's data can hold sealed values. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface RenderOptions {
  /** Values of Terraform variables. */
  readonly values?: Values;
  /** Whether sensitive variables are filled in; else what depends on them stays sealed. @default false */
  readonly fill?: boolean;
  /** The app's stacks, whose outputs this one may read. @default none */
  readonly others?: readonly { readonly name: string; readonly json: JsonObject }[];
  /** Told of what is rendered rightly but not wholly. @default nobody */
  readonly note?: Note;
}

/** Parts of a stack that have no bearing on its objects, and those that are read where they are referred to. */
const known = new Set(["//", "terraform", "provider", "resource", "variable", "output", "locals", "data"]);
/** What Terraform itself does with a resource, before and after the provider creates the object. */
const harmless = new Set(["//", "depends_on", "provider", "lifecycle"]);
const lifecycle = new Set(["create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"]);

/**
 * The objects that `terraform apply` would create from a synthesized stack, in an order in which each comes after
 * what it refers to.
 *
 * @throws RenderError where anything in the stack is not known here; nothing is left out.
 */
export function renderStack(json: JsonObject, options: RenderOptions = {}): KubernetesObject[] {
  const name = stackName(json);
  const { values = {}, fill = false, others = [], note = () => undefined } = options;
  const part = Object.keys(json).find((key) => !known.has(key) && !isEmpty(json[key]));
  if (part !== undefined)
    throw new RenderError({ stack: name, address: part, path: "" }, "this part of a stack is not known here");
  const scope = new StackScope(name, json, { values, fill, others });
  return inOrderOfUse(resources(json)).map((resource) => {
    const place: Place = { stack: name, address: `${resource.type}.${resource.name}`, path: "" };
    const given = attributes(resource, json, place);
    return renderResource(resource.type, evaluate(given, scope, place), place, note);
  });
}

export function stackName(json: JsonObject): string {
  const metadata = (json["//"] as { metadata?: { stackName?: unknown } } | undefined)?.metadata;
  return typeof metadata?.stackName === "string" ? metadata.stackName : "";
}

function resources(json: JsonObject): Resource[] {
  return Object.entries((json.resource ?? {}) as Record<string, Record<string, JsonObject>>).flatMap(([type, named]) =>
    Object.entries(named).map(([name, configuration]) => ({ type, name, configuration })),
  );
}

/** A resource's own attributes; what else Terraform would do with it is checked to leave the object alone. */
function attributes({ type, configuration }: Resource, json: JsonObject, place: Place): Record<string, unknown> {
  for (const meta of ["count", "for_each", "provisioner", "connection", "dynamic"])
    if (!isEmpty(configuration[meta]))
      throw new RenderError({ ...place, path: meta }, "this is Terraform's own work and is not rendered");
  const rule = Object.keys((configuration.lifecycle ?? {}) as JsonObject).find((key) => !lifecycle.has(key));
  if (rule !== undefined)
    throw new RenderError({ ...place, path: `lifecycle.${rule}` }, "this is Terraform's own work and is not rendered");
  const provider = type.split("_", 1)[0] ?? "";
  if (configuration.provider !== undefined && configuration.provider !== provider)
    throw new RenderError(
      { ...place, path: "provider" },
      "a second configuration of a provider may be another cluster",
      "Keep one cluster a stack.",
    );
  const configured = (json.provider as JsonObject | undefined)?.[provider];
  if (Array.isArray(configured) && configured.length > 1)
    throw new RenderError(
      { ...place, path: "provider" },
      "the stack has more than one cluster",
      "Keep one cluster a stack.",
    );
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => !harmless.has(key)));
}

function renderResource(type: string, given: unknown, place: Place, note: Note): KubernetesObject {
  if (type === literalKind) return literalObject(given, place);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined)
    throw new RenderError(place, `resources of type ${type} are not known here`, "Add it to tools/manifests/kinds.ts.");
  const { metadata, ...rest } = renderBlock(kind.block, given, place, note);
  return named({ apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...rest }, place);
}

function literalObject(given: unknown, place: Place): KubernetesObject {
  const unknown = Object.keys(given as object).find((member) => !literalMembers.has(member));
  if (unknown !== undefined) throw new RenderError({ ...place, path: unknown }, "this attribute is not known here");
  const { manifest } = given as { manifest: unknown };
  if (!isObject(manifest)) throw new RenderError({ ...place, path: "manifest" }, "an object is wanted");
  const sealed = sealOver([manifest]);
  if (sealed !== undefined)
    throw new RenderError(
      { ...place, path: "manifest" },
      `depends on the sensitive variable ${sealed.variables.join(", ")}`,
      "Put it into a kubernetes_secret_v1.",
    );
  return named(withoutNulls(manifest) as Record<string, unknown>, { ...place, path: "manifest" });
}

function named(object: Record<string, unknown>, place: Place): KubernetesObject {
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string")
    throw new RenderError(place, "apiVersion or kind is missing");
  if (!isObject(metadata) || typeof metadata.name !== "string")
    throw new RenderError(place, "metadata.name is missing", "Give it a name.");
  return object as KubernetesObject;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === "object" && Object.keys(value).length === 0);
}
