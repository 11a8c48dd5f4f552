import { crc32 } from "node:zlib";

/**
 * Terraform has sets where Kubernetes has lists, and hands a set on in the order of its elements' hash codes
 * (CRC-32, compared as decimal text). The same order here keeps the objects equal to the provider's.
 */
export function setOrder<T>(items: readonly T[], serialize: (item: T) => string): T[] {
  const unique = new Map(items.map((item) => [String(crc32(serialize(item))), item]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
