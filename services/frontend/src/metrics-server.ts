import { createServer, type Server } from "node:http";
import type { Registry } from "prom-client";
import { CHECK_MS, limitConnections } from "./connections/timeouts";

/** Prometheus scrapes on a port of its own, so that the public one shows nothing of the inside. */
export function metricsServer(registry: Registry): Server {
  const server = createServer({ connectionsCheckingInterval: CHECK_MS }, (request, response) => {
    // A scraper may send parameters; none means anything here.
    if (request.url?.split("?")[0] !== "/metrics") return response.writeHead(404).end();
    if (request.method !== "GET" && request.method !== "HEAD") return response.writeHead(405, { Allow: "GET, HEAD" }).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  limitConnections(server, { headersMs: 5_000, requestMs: 10_000, idleMs: 120_000, stalledMs: 120_000 });
  return server;
}
