import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { jsonResponse } from "../openapi/responses";
import type { Services } from "../services";

/** Whether to restart this process, and whether to send it requests. Neither asks Redis or the pool: hits need neither. */
export const healthRoutes: FastifyPluginAsync<Services> = async (app, { lifecycle }) => {
  const live = {
    tags: ["service"],
    summary: "Is the process alive?",
    response: { 200: jsonResponse("It is", { status: "alive" }) },
  };
  const ready = {
    tags: ["service"],
    summary: "May it be sent requests?",
    description: "Configured and listening. Not whether cache or pool are there: what is in memory is served without them.",
    response: {
      200: jsonResponse("It may", { status: "ready" }),
      503: jsonResponse("It is going down", { status: "going down" }),
    },
  };
  app.get("/health/live", { schema: live }, (_request, reply) => answer(reply, 200, "alive"));
  app.get("/health/ready", { schema: ready }, (_request, reply) =>
    lifecycle.ready ? answer(reply, 200, "ready") : answer(reply, 503, "going down"),
  );
};

function answer(reply: FastifyReply, code: number, status: string): FastifyReply {
  return reply.code(code).header("Cache-Control", "no-store").send({ status });
}
