/**
 * Whom an address belongs to. One subscriber has a whole /64 of IPv6, so only its first half counts.
 * Behind a proxy all clients are one: shares bite only where clients of different addresses wait.
 */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return "";
  if (address.startsWith("::ffff:")) return address.slice("::ffff:".length);
  if (!address.includes(":")) return address;
  const [left = "", right] = address.split("::");
  const groups = left === "" ? [] : left.split(":");
  const missing = right === undefined ? 0 : 8 - groups.length - (right === "" ? 0 : right.split(":").length);
  return [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(right ? right.split(":") : [])].slice(0, 4).join(":");
}
