/** Bytes of a body: from the first to the last, which is not one of them. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Reads a Range header (RFC 9110, section 14). The whole body is the answer to a unit that we do not know, to anything that is not
 * well-formed, and to several ranges at once: a server may always send all of it.
 *
 * @returns null where the range has no byte of the body: 416
 */
export function readRange(header: string | undefined, length: number): Span | null {
  const whole = { from: 0, to: length };
  const [, first = "", last = ""] = ONE_RANGE.exec(header ?? "") ?? [];
  if (first === "" && last === "") return whole;
  if (first === "") return last === "" || Number(last) === 0 ? null : { from: Math.max(0, length - Number(last)), to: length };
  if (last !== "" && Number(last) < Number(first)) return whole;
  if (Number(first) >= length) return null;
  return { from: Number(first), to: last === "" ? length : Math.min(Number(last) + 1, length) };
}

/** Whether a Range counts: the client has part of these very bytes. Without If-Range it says so itself. A date never matches. */
export function isSame(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}
