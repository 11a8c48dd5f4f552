import helmet from "@fastify/helmet";
import fp from "fastify-plugin";

const POLICY = {
  "default-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'self'"],
};

/** For the page of the API's description alone: Swagger UI sets styles on its elements. */
export const DOCS_POLICY = { ...POLICY, "style-src": ["'self'", "'unsafe-inline'"] };

const CSP = { useDefaults: false, directives: POLICY };

/** The policy alone, for what the router rejects before any hook has run. */
export const setPolicy = helmet.contentSecurityPolicy(CSP);

/**
 * Headers of pages and problems. The policy allows what this service itself serves and nothing else. It says nothing of
 * https: on plain http, `upgrade-insecure-requests` and HSTS would break the page; where TLS ends, its proxy sends HSTS.
 */
export const security = fp(async (app) => {
  await app.register(helmet, {
    global: true,
    strictTransportSecurity: false,
    contentSecurityPolicy: CSP,
  });
}, "5.x");
