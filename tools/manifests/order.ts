import type { JsonObject } from "./json";
import { kinds } from "./kinds";

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly configuration: JsonObject;
}

/**
 * Each resource after those that it names, in `depends_on` or in an expression; else in the order of the kinds,
 * then of the names. The same stack always gives the same order.
 */
export function inOrderOfUse(resources: readonly Resource[]): Resource[] {
  const ranks = Object.keys(kinds);
  const rank = ({ type }: Resource): number => (ranks.includes(type) ? ranks.indexOf(type) : ranks.length);
  const sorted = [...resources].sort((a, b) => rank(a) - rank(b) || (a.type + a.name < b.type + b.name ? -1 : 1));
  const addresses = new Map(sorted.map((resource) => [`${resource.type}.${resource.name}`, resource]));
  const ordered = new Set<Resource>();
  const place = (resource: Resource, above: ReadonlySet<Resource>): void => {
    if (ordered.has(resource) || above.has(resource)) return;
    const within = new Set(above).add(resource);
    for (const address of JSON.stringify(resource.configuration).match(/[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*/g) ?? []) {
      const used = addresses.get(address);
      if (used !== undefined && used !== resource) place(used, within);
    }
    ordered.add(resource);
  };
  for (const resource of sorted) place(resource, new Set());
  return [...ordered];
}
