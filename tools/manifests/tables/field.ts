/**
 * The vocabulary of the tables: how each attribute and block of the Terraform provider becomes a field of a
 * Kubernetes object. Terraform knows no "unset" inside a block, only zero ("" 0 false), so for each field the
 * tables say what the provider does with a zero: most Go fields leave it out, pointers send it.
 */
export type Field =
  ValueField | MapField | ListField | BlockField | BlocksField | InlineField | IgnoredField | RefusedField;

export interface ValueField {
  readonly kind: "value";
  readonly name?: string;
  readonly type: "string" | "number" | "bool";
  /** What the provider makes of a non-empty string on its way to Kubernetes. */
  readonly convert?: "integer" | "octal" | "integer or string";
  /** The provider's own default, where its schema has one. */
  readonly default?: string | number | boolean;
  /** Sent even when zero or unset: a Go pointer that the provider always sets. */
  readonly sent?: true;
}

export interface MapField {
  readonly kind: "map";
  readonly name?: string;
  /** What may happen to values that depend on sensitive variables; elsewhere they are an error. */
  readonly sealed?: "kept" | "noted";
  readonly encode?: "base64";
}

export interface ListField {
  readonly kind: "list";
  readonly name?: string;
  readonly of: "string" | "number";
  /** Terraform orders a set by a hash of its elements: of the text, or of the text and a semicolon. */
  readonly set?: "text" | "serialized";
  /** Sent even when empty. */
  readonly sent?: true;
}

/** At most one block: an object. */
export interface BlockField {
  readonly kind: "block";
  readonly name?: string;
  readonly of: Block;
  /** Sent as an empty object where the block is not there. */
  readonly sent?: true;
}

/** Any number of blocks: a list of objects, under its plural name. */
export interface BlocksField {
  readonly kind: "blocks";
  readonly name?: string;
  readonly of: Block;
  readonly set?: "serialized";
  readonly sent?: true;
  /** Each block stands for as many objects as it has members, in the order of the table. */
  readonly split?: true;
}

/** A block whose fields stand in the parent object. */
export interface InlineField {
  readonly kind: "inline";
  readonly of: Block;
}

/** Tells Terraform something; the object in the cluster is the same. */
export interface IgnoredField {
  readonly kind: "ignored";
}

/** Known, and not rendered: an error that gives the reason. */
export interface RefusedField {
  readonly kind: "refused";
  readonly why: string;
}

export interface Block {
  readonly fields: Readonly<Record<string, Field>>;
  /** What the provider decides from several fields together; gets what the fields alone would give. */
  readonly adjust?: (rendered: Record<string, unknown>) => Record<string, unknown>;
}

type Options<F extends Field> = Omit<Partial<F>, "kind" | "type" | "convert" | "of">;

export const block = (fields: Block["fields"], adjust?: Block["adjust"]): Block =>
  adjust === undefined ? { fields } : { fields, adjust };
export const string = (options: Options<ValueField> = {}): ValueField => ({
  kind: "value",
  type: "string",
  ...options,
});
export const number = (options: Options<ValueField> = {}): ValueField => ({
  kind: "value",
  type: "number",
  ...options,
});
export const bool = (options: Options<ValueField> = {}): ValueField => ({ kind: "value", type: "bool", ...options });
/** A string to Terraform so that "" can mean unset; an integer to Kubernetes. */
export const integer = (options: Options<ValueField> = {}): ValueField => ({ ...string(options), convert: "integer" });
/** File modes: "0440" to Terraform, 288 to Kubernetes. */
export const octal = (options: Options<ValueField> = {}): ValueField => ({ ...string(options), convert: "octal" });
/** "80" is the number, "http" and "25%" are names and shares. */
export const integerOrString = (options: Options<ValueField> = {}): ValueField => ({
  ...string(options),
  convert: "integer or string",
});
export const map = (options: Options<MapField> = {}): MapField => ({ kind: "map", ...options });
export const strings = (options: Options<ListField> = {}): ListField => ({ kind: "list", of: "string", ...options });
export const numbers = (options: Options<ListField> = {}): ListField => ({ kind: "list", of: "number", ...options });
export const one = (of: Block, options: Options<BlockField> = {}): BlockField => ({ kind: "block", of, ...options });
export const many = (name: string, of: Block, options: Options<BlocksField> = {}): BlocksField => ({
  kind: "blocks",
  name,
  of,
  ...options,
});
export const inline = (of: Block): InlineField => ({ kind: "inline", of });
export const ignored: IgnoredField = { kind: "ignored" };
export const refused = (why: string): RefusedField => ({ kind: "refused", why });

/** `read_only_root_filesystem` → `readOnlyRootFilesystem`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
