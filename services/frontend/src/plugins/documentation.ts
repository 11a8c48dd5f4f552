import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fp from "fastify-plugin";
import { version } from "../../package.json";
import { KINDS } from "../kinds";
import { jsonResponse } from "../openapi/responses";
import { LOGO, THEME } from "../openapi/theme";
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
        version,
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
    logo: { type: "image/svg+xml", content: LOGO },
    theme: THEME,
    uiHooks: {
      // The page finds its description beside its whole address: with `?utm_source=…` it would find none.
      onRequest: (request, reply, next) => {
        const [path, query] = request.url.split("?");
        if (query === undefined || !/^\/docs\/?$/.test(path as string)) return next();
        void reply.redirect(path as string);
      },
    },
  });
  const schema = {
    tags: ["service"],
    summary: "This description",
    response: { 200: jsonResponse("OpenAPI 3.1", { openapi: "3.1.0" }) },
  };
  app.get("/openapi.json", { schema }, (_request, reply) => reply.header("Cache-Control", "no-cache").send(app.swagger()));
}, "5.x");
