import { kubectl } from "./kubectl";

/** A type of the cluster's OpenAPI document, with references followed. */
export interface ApiType {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
  readonly additionalProperties?: unknown;
  readonly oneOf?: readonly unknown[];
  readonly $ref?: string;
  readonly allOf?: readonly unknown[];
}

/** The types that a cluster's API server takes, one group and version at a time. */
export class OpenApi {
  private readonly groups = new Map<string, Readonly<Record<string, ApiType>>>();

  public kind(apiVersion: string, kind: string): ApiType {
    const slash = apiVersion.indexOf("/");
    const [group, version] = slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
    const found = Object.values(this.schemas(apiVersion)).find((schema) =>
      (schema as { "x-kubernetes-group-version-kind"?: object[] })["x-kubernetes-group-version-kind"]?.some(
        (named) =>
          JSON.stringify(Object.entries(named).sort()) ===
          JSON.stringify(Object.entries({ group, kind, version }).sort()),
      ),
    );
    if (found === undefined) throw new Error(`The cluster knows no ${kind} in ${apiVersion}.`);
    return found;
  }

  public follow(apiVersion: string, type: unknown): ApiType {
    const given = type as ApiType;
    const reference = given.$ref ?? (given.allOf?.[0] as ApiType | undefined)?.$ref;
    if (reference === undefined) return given;
    return this.schemas(apiVersion)[reference.replace("#/components/schemas/", "")] ?? {};
  }

  private schemas(apiVersion: string): Readonly<Record<string, ApiType>> {
    let schemas = this.groups.get(apiVersion);
    if (schemas === undefined) {
      const path = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
      const document = JSON.parse(kubectl(["get", "--raw", `/openapi/v3/${path}`])) as {
        components: { schemas: Record<string, ApiType> };
      };
      ({ schemas } = document.components);
      this.groups.set(apiVersion, schemas);
    }
    return schemas;
  }
}

/** "string", "integer", "bool", "integer or string", "quantity", "object", "list", "map". */
export function nameOf({ type, format, oneOf, additionalProperties }: ApiType): string {
  if (format === "int-or-string") return "integer or string";
  if (oneOf !== undefined) return "quantity";
  if (additionalProperties !== undefined) return "map";
  return { boolean: "bool", array: "list" }[type ?? ""] ?? type ?? "unknown";
}
