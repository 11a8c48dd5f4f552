import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { KINDS } from "../kinds";
import type { Limits } from "../kinds/kind";
import { pageQuery, pathParameters } from "../openapi/parameters";
import { PAGE_RESPONSES } from "../openapi/responses";
import { acceptsGzip, matches } from "../sending/negotiation";
import { routeOf } from "../target";

declare module "fastify" {
  interface FastifyInstance {
    /** Sends the page, with the status that was set. Not the reply's own: one for what the router rejects has nothing that we add. */
    sendPage(reply: FastifyReply): FastifyReply;
  }
}

export interface PageOptions {
  /** Holds index.html and what it refers to. */
  readonly folder: string;
  readonly limits: Limits;
}

/** The page and what it is made of. One page for every computation: it reads its own address. */
export const pages = fp<PageOptions>(async (app: FastifyInstance, { folder, limits }) => {
  const html = Buffer.from(withLimits(readFileSync(join(folder, "index.html"), "utf8"), limits));
  const packed = gzipSync(html, { level: 9 });
  const etag = `"${createHash("sha256").update(html).digest("base64url").slice(0, 22)}"`;

  app.decorate("sendPage", (reply: FastifyReply) => {
    const { headers } = reply.request.raw;
    void reply.headers({ "Cache-Control": "no-cache", Vary: "Accept, Accept-Encoding", "X-Content-Type-Options": "nosniff" });
    void reply.type("text/html; charset=utf-8");
    if (reply.statusCode === 200) {
      void reply.header("ETag", `W/${etag}`);
      if (matches(headers["if-none-match"], etag)) return reply.code(304).send();
    }
    return acceptsGzip(headers["accept-encoding"])
      ? reply.header("Content-Encoding", "gzip").send(packed)
      : reply.send(html);
  });

  const page = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => app.sendPage(reply);
  const describe = (summary: string): object => ({ tags: ["pages"], summary, response: PAGE_RESPONSES });
  app.get("/", { schema: describe("The page") }, page);
  for (const kind of KINDS) {
    const described = describe(`The page of one ${kind.name}: what a person shares`);
    const schema = { ...described, params: pathParameters(kind, limits), querystring: pageQuery(kind) };
    app.get(routeOf(kind), { schema }, page);
  }

  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    globIgnore: ["*.html", "**/*.gz"],
    preCompressed: true,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      // Vite names what it puts there by its content.
      const named = path.startsWith(join(folder, "assets") + sep);
      void reply.header("Cache-Control", named ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}, "5.x");

/** The page knows the limits before it asks for anything: built with the default ones, served with ours. */
function withLimits(html: string, { maxSteps, maxRuns, maxEnsembleSteps }: Limits): string {
  const limits = { "max-steps": maxSteps, "max-runs": maxRuns, "max-ensemble-steps": maxEnsembleSteps };
  return Object.entries(limits).reduce(
    (text, [name, limit]) => text.replace(new RegExp(`(<meta name="${name}" content=")\\d*(")`), `$1${limit}$2`),
    html,
  );
}
