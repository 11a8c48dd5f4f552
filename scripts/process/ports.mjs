import { connect, createServer } from "node:net";

/** The only address that a platform on one machine listens on: who reaches Dask's ports owns the machine. */
export const LOOPBACK = "127.0.0.1";

/**
 * Tries to listen on a port: on both loopback addresses, since a browser that is told `localhost` may take either.
 * @param {number} port
 * @returns {Promise<string | undefined>} the system's code for why it cannot be had, such as EADDRINUSE; undefined if it can
 */
export async function obstacle(port) {
  for (const host of [LOOPBACK, "::1"]) {
    /** @type {string | undefined} */
    const code = await new Promise((resolve) => {
      const server = createServer();
      server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? error.message));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
    });
    const noIPv6 = host === "::1" && (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" || code === "EINVAL");
    if (code !== undefined && !noIPv6) return code;
  }
  return undefined;
}

/**
 * Free ports, for tests. From below the range that the system hands out to outgoing connections: one of these could take a
 * port between our look and the server's start.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  /** @type {Set<number>} */
  const ports = new Set();
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (!ports.has(port) && (await obstacle(port)) === undefined) ports.add(port);
  }
  return [...ports];
}

/** @returns {Promise<number>} */
export async function freePort() {
  const [port] = await freePorts(1);
  return /** @type {number} */ (port);
}

/**
 * Sends text to a port and returns what comes back within the first answer; for servers that speak in lines.
 * @param {number} port
 * @param {string} text
 * @param {(answer: string) => boolean} enough when the answer is complete
 * @returns {Promise<string>}
 */
export function talk(port, text, enough) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: LOOPBACK });
    let answer = "";
    socket.setTimeout(2000, () => socket.destroy(new Error(`no answer from port ${port}`)));
    socket.setEncoding("utf8");
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`port ${port} closed the connection`)));
    socket.once("connect", () => socket.write(text));
    socket.on("data", (/** @type {string} */ data) => {
      answer += data;
      if (!enough(answer)) return;
      resolve(answer);
      socket.destroy();
    });
  });
}
