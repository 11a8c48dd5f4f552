import type { IncomingMessage } from "node:http";
import { isPreflight } from "./http/preflight";
import { methodNotAllowed, refused, type Problem } from "./problem";
import { uriTooLong } from "./target";

const MOST_HEADERS = 100;
const LONGEST_URL = 2_048;

/** What Node's parser lets through but nobody honest sends; null: fine. */
export function guard(request: IncomingMessage): Problem | null {
  const { method, url = "", rawHeaders, httpVersion } = request;
  if (method !== "GET" && method !== "HEAD" && !isPreflight(request)) return methodNotAllowed();
  if (url.length > LONGEST_URL) return uriTooLong();
  if (!url.startsWith("/")) return refused(400, "The request target has to be a path, not an absolute address.");
  if (rawHeaders.length > MOST_HEADERS * 2) return refused(431, `More than ${MOST_HEADERS} headers.`);
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === "host" && ++hosts > 1) return refused(400, "More than one Host header.");
    // A body would have to be read to its end; nothing here takes one.
    if (name.length === 17 && name.toLowerCase() === "transfer-encoding") return refused(400, "No route takes a body.");
    if (name.length === 14 && name.toLowerCase() === "content-length" && rawHeaders[index + 1] !== "0") {
      return refused(400, "No route takes a body.");
    }
  }
  return hosts === 0 && httpVersion === "1.1" ? refused(400, "The Host header is missing.") : null;
}
