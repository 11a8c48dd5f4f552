import type { FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import type { Limits } from "../kinds/kind";
import { internal, notFound, Problem, PROBLEM_TYPE, refused } from "../problem";
import { isPreflight, isSharedAddress, preflightHeaders } from "../http/preflight";
import { CROSS_ORIGIN } from "../ready";
import type { Services } from "../services";
import { locate, parseTarget } from "../target";
import { wantsPage } from "./problem-page";
import { setPolicy } from "./security";

/** Everything that is not an answer leaves through here, as problem details. */
function answer({ log, metrics, config }: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = asProblem(error, request, config);
  if (problem.status === 500) log.error({ err: problem.cause ?? error, url: shortened(request) }, "request failed");
  metrics.problems.inc({ status: problem.status });
  if (problem.status === 400 && locate(request.url)?.view === "page" && request.headers.accept?.includes("text/html")) {
    // A person who mistypes the address gets the page, which says so in words.
    void request.server.sendPage(reply.code(400));
    return;
  }
  if (isSharedAddress(request.url)) void reply.headers(CROSS_ORIGIN);
  if (wantsPage(request.raw)) return void request.server.sendProblemPage(reply, problem);
  void reply
    .code(problem.status)
    .headers({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", ...problem.headers })
    .type(PROBLEM_TYPE)
    .send(problem.body);
}

function asProblem(error: unknown, request: FastifyRequest, limits: Limits): Problem {
  if (error instanceof Problem) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 400 || status >= 500) return internal(error);
  try {
    // The router rejects what it cannot decode before the door sees it; the door's own words say more.
    parseTarget(request.raw.url ?? "", limits);
  } catch (better) {
    if (better instanceof Problem && better.status !== 404) return better;
  }
  return refused(status, "The address or the request is not well-formed.");
}

function shortened(request: FastifyRequest): string {
  return request.url.slice(0, 200);
}

/** What the router rejects, before any hook has run: it cannot decode the address. */
function rejected(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  watch(services, request, reply);
  if (isPreflight(request.raw) && isSharedAddress(request.url)) return void reply.code(204).headers(preflightHeaders(request.raw)).send();
  setPolicy(request.raw, reply.raw, () => answer(services, error, request, reply));
}

/** Times the answer, and logs it. */
function watch({ log, metrics }: Services, request: FastifyRequest, reply: FastifyReply): void {
  const begin = process.hrtime.bigint();
  reply.raw.once("close", () => {
    const { statusCode, writableFinished, errored } = reply.raw;
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    const route = request.routeOptions.url ?? "none";
    metrics.durations.observe({ route, status: statusCode }, seconds);
    const line = { method: request.method, url: shortened(request), status: statusCode, ms: Math.round(seconds * 1e3) };
    if (statusCode >= 500) log.warn(line, "answered");
    else if (!writableFinished) log.info(line, errored ? "cut" : "client left");
    else log.info(line, "answered");
  });
}

const plugin = fp<Services>((app, services, done) => {
  app.setErrorHandler((error, request, reply) => answer(services, error, request, reply));
  app.setNotFoundHandler((request, reply) => answer(services, notFound(), request, reply));
  // Hits never get here; everything else is timed, and logged where it is worth a line.
  app.addHook("onRequest", (request, reply, next) => {
    watch(services, request, reply);
    next();
  });
  done();
}, "5.x");

export const problems = { plugin, rejected };
