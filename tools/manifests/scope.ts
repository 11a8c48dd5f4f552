import { isDeepStrictEqual } from "node:util";
import { RenderError, type Place } from "./errors";
import { evaluate, type Found, type Scope } from "./expressions/evaluate";
import { isObject, type JsonObject } from "./json";
import { kinds } from "./kinds";
import { variableValue, type Values } from "./variables";

export interface ScopeOptions {
  readonly values: Values;
  /** Whether sensitive variables have their values here, or stay sealed. */
  readonly fill: boolean;
  /** The other stacks of the app, whose outputs this one may read. */
  readonly others: readonly { readonly name: string; readonly json: JsonObject }[];
}

/** What a stack's expressions can refer to: its resources, variables, locals, and other stacks' outputs. */
export class StackScope implements Scope {
  private readonly open: string[] = [];

  public constructor(
    private readonly name: string,
    private readonly json: JsonObject,
    private readonly options: ScopeOptions,
  ) {}

  public resolve(root: string, steps: readonly string[], place: Place): Found | undefined {
    const [first, second] = steps;
    if (root === "var" && first !== undefined)
      return {
        value: variableValue(
          first,
          member(this.json, "variable", first),
          this.options.values,
          this.options.fill,
          place,
        ),
        taken: 1,
      };
    if (root === "local" && first !== undefined)
      return this.configured(member(this.json, "locals", first), `local.${first}`, place);
    if (root === "data" && first !== undefined && second !== undefined) return this.data(first, second, steps, place);
    if (root === "terraform" && first === "workspace") return { value: "default", taken: 1 };
    if (first === undefined) return undefined;
    const resource = member(this.json, "resource", root, first);
    if (resource === undefined) return undefined;
    if (second === "id") return { value: this.id(root, resource, place), taken: 2 };
    return this.configured(resource, `${root}.${first}`, place);
  }

  /** An output of this stack, as other stacks read it. */
  public output(name: string, place: Place): unknown {
    const value = member(this.json, "output", name, "value");
    if (value === undefined) throw new RenderError(place, `stack ${this.name} has no output ${name}`);
    return this.guarded(`output ${name}`, place, () =>
      evaluate(value, this, { stack: this.name, address: `output.${name}`, path: "" }),
    );
  }

  /** Only the part that is asked for is evaluated: the rest may need what is not known here. */
  private configured(value: unknown, address: string, place: Place): Found | undefined {
    if (value === undefined) return undefined;
    const settle = (part: unknown, path: string): unknown =>
      this.guarded(path, place, () =>
        evaluate(part, this, { stack: this.name, address, path: path.slice(address.length).replace(/^\./, "") }),
      );
    return { value, taken: 1, settle };
  }

  /** The provider's identifiers: a name, after its namespace where there is one. */
  private id(type: string, resource: unknown, place: Place): unknown {
    const metadata = evaluate(member(resource, "metadata"), this, place);
    const { name, namespace } = (Array.isArray(metadata) ? metadata[0] : metadata) as {
      name: unknown;
      namespace?: unknown;
    };
    const holder = kinds[type]?.block.fields.metadata;
    if (holder?.kind !== "block") throw new RenderError(place, `the id of a ${type} is known only after an apply`);
    return Object.hasOwn(holder.of.fields, "namespace") ? `${String(namespace ?? "default")}/${String(name)}` : name;
  }

  /** Another stack's outputs: the one whose backend is where this one reads. */
  private data(type: string, name: string, steps: readonly string[], place: Place): Found {
    const address = `data.${type}.${name}`;
    const source = member(this.json, "data", type, name);
    if (source === undefined) throw new RenderError(place, `nothing here is called ${address}`);
    if (type !== "terraform_remote_state")
      throw new RenderError(place, `${address} is read from the cluster at an apply, so it cannot be rendered`);
    const [, , outputs, output] = steps;
    if (outputs !== "outputs" || output === undefined)
      throw new RenderError(place, `${address}: only its outputs can be read`);
    const backend = String(member(source, "backend"));
    const other = this.options.others.find(({ json }) =>
      isDeepStrictEqual(member(json, "terraform", "backend", backend), member(source, "config")),
    );
    if (other === undefined)
      throw new RenderError(
        place,
        `${address} reads the state of a stack that is not in this app`,
        "Only outputs of stacks of the same app can be rendered.",
      );
    return { value: new StackScope(other.name, other.json, this.options).output(output, place), taken: 4 };
  }

  private guarded<T>(address: string, place: Place, work: () => T): T {
    if (this.open.includes(address))
      throw new RenderError(place, `refers to itself: ${[...this.open, address].join(" → ")}`);
    this.open.push(address);
    try {
      return work();
    } finally {
      this.open.pop();
    }
  }
}

function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}
