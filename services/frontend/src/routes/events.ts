import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { KINDS } from "../kinds";
import type { Kind } from "../kinds/kind";
import { Wait, type Interrupted } from "../lifecycle";
import { dataQuery, pathParameters } from "../openapi/parameters";
import { eventsResponses } from "../openapi/responses";
import { Problem } from "../problem";
import type { Ready } from "../ready";
import type { Services } from "../services";
import { routeOf } from "../target";

/** Server-sent events: how a computation goes, until it is ready. Joins or starts a computation. */
export const eventsRoute: FastifyPluginAsync<Services> = async (app, services) => {
  const { config, feeds, lifecycle, results, log } = services;
  const describe = (kind: Kind): object => ({
    tags: [kind.name],
    summary: "How the computation goes, until it is ready",
    params: pathParameters(kind, config),
    querystring: dataQuery(kind),
    response: eventsResponses(kind),
  });
  const stream = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.hijack();
    const { raw } = reply;
    if (request.method === "HEAD") {
      raw.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" }).end();
      return;
    }
    const feed = feeds.open(raw);
    const wait = new Wait(raw, lifecycle);
    try {
      const { found } = await results.product(request.target.computation, "summary", wait.signal, {
        onProgress: (news, whole) => feed.progress(news, whole),
        onWaiting: (reason) => feed.waiting(reason),
      });
      feed.ready((found as Ready).body);
    } catch (error) {
      if (!wait.signal.aborted) {
        const problem = error instanceof Problem ? error : null;
        if (!problem) log.error({ err: error, url: request.url }, "events failed");
        feed.failed(problem?.message ?? "Something went wrong here.", problem === null || "Retry-After" in problem.headers);
      } else if ((wait.signal.reason as Interrupted).why === "going down") {
        feed.comeBack();
      }
    } finally {
      wait.release();
    }
  };
  for (const kind of KINDS) app.get(routeOf(kind, "events"), { schema: describe(kind), helmet: false }, stream);
};
