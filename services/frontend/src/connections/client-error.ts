import type { Socket } from "node:net";
import { Problem, PROBLEM_TYPE, refused } from "../problem";
import { uriTooLong } from "../target";

interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

/** Answers what Node's HTTP parser rejects, before there is a request. */
export function onClientError(error: Error, socket: Socket): void {
  const { code = "", rawPacket } = error as ParserError;
  if (code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = explain(code, rawPacket);
  const reason = { 400: "Bad Request", 408: "Request Timeout", 414: "URI Too Long", 431: "Request Header Fields Too Large" }[status];
  socket.end(
    `HTTP/1.1 ${status} ${reason ?? ""}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    // Whoever goes on sending is not listened to.
    () => socket.destroy(),
  );
}

function explain(code: string, packet: Buffer | undefined): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return refused(408, "The request did not come to its end in time.");
  if (code !== "HPE_HEADER_OVERFLOW") return refused(400, "This is not well-formed HTTP/1.1.");
  // Node has one limit for address and headers together; a first line without an end is the address.
  return packet && !packet.includes("\r\n") ? uriTooLong() : refused(431, "The headers are larger than 16 KiB.");
}
