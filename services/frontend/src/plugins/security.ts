import helmet from "@fastify/helmet";
import fp from "fastify-plugin";

/**
 * Headers of pages and problems. The policy allows what this service itself serves and nothing else. It says nothing of
 * https: on plain http, `upgrade-insecure-requests` and HSTS would break the page; where TLS ends, its proxy sends HSTS.
 */
export const security = fp(async (app) => {
  await app.register(helmet, {
    global: true,
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
  });
}, "5.x");
