import Fastify, { type FastifyInstance } from "fastify";
import { onClientError } from "./connections/client-error";
import { closeWithConnection } from "./connections/queued";
import { CHECK_MS, limitConnections, type Timeouts } from "./connections/timeouts";
import { door, refusals } from "./plugins/door";
import { pages } from "./plugins/pages";
import { problemPage } from "./plugins/problem-page";
import { problems } from "./plugins/problems";
import { security } from "./plugins/security";
import { documentation } from "./plugins/documentation";
import { dataRoutes } from "./routes/data";
import { eventsRoute } from "./routes/events";
import { healthRoutes } from "./routes/health";
import { makeServices, type Deps, type Services } from "./services";

export interface Porta {
  readonly app: FastifyInstance;
  readonly services: Services;
}

const TIMEOUTS: Timeouts = {
  headersMs: 5_000,
  requestMs: 10_000,
  // Longer than a heartbeat is away.
  idleMs: 60_000,
  // A client that reads 2 kB a second shows no progress for some minutes; see timeouts.ts.
  stalledMs: 600_000,
};

/** Builds the service. Never listens, opens nothing. */
export async function buildApp(deps: Deps): Promise<Porta> {
  const services = makeServices(deps);
  const app = Fastify({
    // A logger of Fastify's own is a child and two listeners for each request, hits included; what is worth a line is logged by us.
    logger: false,
    // For the second server that Fastify starts for HOST=localhost; limitConnections sets them for the first.
    requestTimeout: TIMEOUTS.requestMs,
    connectionTimeout: TIMEOUTS.idleMs,
    keepAliveTimeout: 72_000, // longer than the minute after which load balancers drop a connection themselves
    // The door asks for the Host header itself: Node's answer would be no problem document.
    http: { headersTimeout: TIMEOUTS.headersMs, connectionsCheckingInterval: CHECK_MS, requireHostHeader: false },
    routerOptions: { maxParamLength: 4_096 }, // the door knows better what is wrong with a long one
    return503OnClosing: false, // requests on open connections are answered to the end
    forceCloseConnections: "idle",
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => problems.rejected(services, error, request, reply),
    exposeHeadRoutes: true,
  });
  const timeouts = { ...TIMEOUTS, ...deps.timeouts };
  // A request that is held for its result is not idle.
  limitConnections(app.server, { ...timeouts, idleMs: Math.max(timeouts.idleMs, services.config.holdMs + 5_000) });
  app.server.maxHeadersCount = 0; // Node would drop the rest in silence; the door counts and refuses
  app.server.prependListener("request", closeWithConnection);
  // Once told to go: whoever keeps a connection is told so with the next answer. Closing it later, while idle, could cross a request.
  app.server.prependListener("request", (_, response) => {
    if (!services.lifecycle.ready) response.setHeader("connection", "close");
  });

  // The door goes first: it refuses what is malformed, and answers what memory holds.
  await app.register(door, services);
  await app.register(problems.plugin, services);
  await app.register(security);
  await app.register(refusals);
  await app.register(documentation);
  await app.register(dataRoutes, services);
  await app.register(eventsRoute, services);
  await app.register(healthRoutes, services);
  await app.register(problemPage, { folder: deps.pageFolder });
  await app.register(pages, { folder: deps.pageFolder, limits: services.config });
  return { app, services };
}
