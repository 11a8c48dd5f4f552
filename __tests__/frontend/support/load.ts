import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How a plain client fared: curl, wget and Python's urllib ask like this. */
export interface Outcome {
  readonly status: number;
  /** Of the body, in bytes. */
  readonly bytes: number;
}

/** Asks without Accept-Encoding on a connection of its own, and keeps nothing of the body: a thousand of them must not fill the test's memory. */
export async function askPlainly(port: number, path: string): Promise<Outcome> {
  const socket = open(port, path);
  let head = "";
  let bytes = 0;
  socket.on("data", (data: Buffer) => {
    if (bytes > 0) return void (bytes += data.length);
    head += data.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end >= 0) bytes = head.length - end - 4;
  });
  await once(socket, "close");
  return { status: Number(head.slice(9, 12)), bytes };
}

/** A client that asks and then reads nothing. */
export function open(port: number, path: string, host = "127.0.0.1"): Socket {
  const socket = connect({ port, host: "127.0.0.1", localAddress: host });
  socket.on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return socket;
}
