import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";

/** An answer as it came over the wire: nothing unpacked, nothing followed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body parsed as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Asks for a URL exactly as it is written. @throws Error where the body is cut short */
export function ask(url: string, { method = "GET", headers = {} }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Parsed by hand: URL would tidy up what a test means to send, such as %2e%2e.
    const [, hostname, port, path] = /^http:\/\/([^:/]+):([0-9]+)(.*)$/.exec(url) as unknown as [string, string, string, string];
    const outgoing = request({ hostname, port, path: path || "/", method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(parts);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          text: body.toString("utf8"),
          json: <T>() => JSON.parse(body.toString("utf8")) as T,
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** Sends bytes over a socket and reads until the other side closes, or `ms` have passed after the first answer. */
export function raw(port: number, bytes: string | Buffer, { end = false, ms = 20_000 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(text);
    }, ms);
    socket.on("data", (data) => (text += data.toString("latin1")));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
    if (end) socket.end();
  });
}
