import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../services";

/** Whether to restart this process, and whether to send it requests. Neither asks Redis or the pool: hits need neither. */
export const healthRoutes: FastifyPluginAsync<Services> = async (app, { lifecycle }) => {
  app.get("/health/live", (_request, reply) => reply.header("Cache-Control", "no-store").send({ status: "alive" }));
  app.get("/health/ready", (_request, reply) =>
    reply
      .header("Cache-Control", "no-store")
      .code(lifecycle.ready ? 200 : 503)
      .send({ status: lifecycle.ready ? "ready" : "going down" }),
  );
};
