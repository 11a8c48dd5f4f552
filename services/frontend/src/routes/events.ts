import type { FastifyPluginAsync } from "fastify";
import { Wait, type Interrupted } from "../lifecycle";
import { DATA_QUERY, stepsParameter } from "../openapi/parameters";
import { EVENTS_RESPONSES } from "../openapi/responses";
import { Problem } from "../problem";
import type { Ready } from "../ready";
import type { Services } from "../services";

/** Server-sent events: how a run goes, until it is ready. Joins or starts a computation. */
export const eventsRoute: FastifyPluginAsync<Services> = async (app, services) => {
  const { config, feeds, lifecycle, results, log } = services;
  const schema = {
    tags: ["results"],
    summary: "How the computation goes, until it is ready",
    params: stepsParameter(config.maxSteps),
    querystring: DATA_QUERY,
    response: EVENTS_RESPONSES,
  };
  app.get("/propagation/:steps/events", { schema, helmet: false }, async (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    if (request.method === "HEAD") {
      raw.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" }).end();
      return;
    }
    const feed = feeds.open(raw);
    const wait = new Wait(raw, lifecycle);
    try {
      const { found } = await results.product(request.target.run, "summary", wait.signal, {
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
  });
};
