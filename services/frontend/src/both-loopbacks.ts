import { createServer, type AddressInfo, type Server } from "node:net";
import type { FastifyInstance } from "fastify";

const IPV4 = "127.0.0.1";
const IPV6 = "::1";

/** What the system says where it has no IPv6 at all. */
const NO_IPV6 = ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"];

/**
 * Makes an app that listens on 127.0.0.1 listen on ::1 too: `localhost` means both, and some clients try only the first that they are told.
 * To be called before the app listens. Connections go to the app's own server, so that its limits, hooks and its end hold for them as well.
 * @returns opens the second address, on the port that the first one has
 */
export function onBothLoopbacks(app: FastifyInstance, host: string, port: number, backlog: number): () => Promise<void> {
  if (host !== IPV4) return () => Promise.resolve();
  // As Node's HTTP server makes its own.
  const second: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void app.server.emit("connection", socket));
  // Ends with the app's own server, and like it only once all requests on its connections are answered.
  const close = app.server.close.bind(app.server);
  app.server.close = (done) => {
    const gone = new Promise<void>((resolve) => (second.listening ? second.close(() => resolve()) : resolve()));
    return close((error) => void gone.then(() => done?.(error)));
  };
  return () =>
    new Promise((resolve, reject) => {
      second.once("error", (error: NodeJS.ErrnoException) => {
        const code = error.code ?? "";
        // Port 0 has taken a port that is free on the first address; nobody counts on the second.
        if (NO_IPV6.includes(code) || (port === 0 && code === "EADDRINUSE")) resolve();
        else reject(error);
      });
      second.listen({ host: IPV6, port: (app.server.address() as AddressInfo).port, backlog }, resolve);
    });
}
