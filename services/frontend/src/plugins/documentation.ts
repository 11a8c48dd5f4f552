import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fp from "fastify-plugin";
import { ENGINE } from "../contract";
import { KINDS } from "../kinds";
import { jsonResponse } from "../openapi/responses";
import { DOCS_POLICY } from "./security";

/** The description of all routes, and a page to try them. Registered before the routes that it describes. */
export const documentation = fp(async (app) => {
  // Schemas here describe. The door has validated before any of them could, and bodies are bytes that none serialises.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await app.register(swagger, {
    exposeHeadRoutes: true,
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Porta",
        version: String(ENGINE),
        description:
          "Satellite propagations, and ensembles of them: computed once by a Dask pool, then served from the cache. " +
          "Names that trackers and cache-busters add to a query, such as `utm_source` and `_`, are ignored. " +
          "Pages of other origins may read `data.json`, `data.js` and `data.arrow`, with any headers.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/" }],
      tags: [
        ...KINDS.map(({ name, description: { about } }) => ({
          name,
          description: `${about}. Asking starts or joins its computation`,
        })),
        { name: "pages", description: "For browsers" },
        { name: "service", description: "The service itself" },
      ],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: DOCS_POLICY,
    uiConfig: { deepLinking: true, validatorUrl: null },
  });
  const schema = {
    tags: ["service"],
    summary: "This description",
    response: { 200: jsonResponse("OpenAPI 3.1", { openapi: "3.1.0" }) },
  };
  app.get("/openapi.json", { schema }, (_request, reply) => reply.header("Cache-Control", "no-cache").send(app.swagger()));
}, "5.x");
