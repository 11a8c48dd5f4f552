import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { PAGE_QUERY, stepsParameter } from "../openapi/parameters";
import { PAGE_RESPONSES } from "../openapi/responses";
import { acceptsGzip, matches } from "../send";

declare module "fastify" {
  interface FastifyReply {
    /** Sends the page, with the status that was set. */
    sendPage(): FastifyReply;
  }
}

export interface PageOptions {
  /** Holds index.html and what it refers to. */
  readonly folder: string;
  readonly maxSteps: number;
}

/** The page and what it is made of. One page for every propagation: it reads its own address. */
export const pages = fp<PageOptions>(async (app: FastifyInstance, { folder, maxSteps }) => {
  // The page knows the limit before it asks for anything: built with the default one, served with ours.
  const built = readFileSync(join(folder, "index.html"), "utf8");
  const html = Buffer.from(built.replace(/(<meta name="max-steps" content=")\d*(")/, `$1${maxSteps}$2`));
  const packed = gzipSync(html, { level: 9 });
  const etag = `"${createHash("sha256").update(html).digest("base64url").slice(0, 22)}"`;

  app.decorateReply("sendPage", function (this: FastifyReply) {
    const { headers } = this.request.raw;
    void this.headers({ "Cache-Control": "no-cache", Vary: "Accept, Accept-Encoding", "X-Content-Type-Options": "nosniff" });
    void this.type("text/html; charset=utf-8");
    if (this.statusCode === 200) {
      void this.header("ETag", `W/${etag}`);
      if (matches(headers["if-none-match"], etag)) return this.code(304).send();
    }
    return acceptsGzip(headers["accept-encoding"])
      ? this.header("Content-Encoding", "gzip").send(packed)
      : this.send(html);
  });

  const page = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.sendPage();
  const describe = (summary: string): object => ({ tags: ["pages"], summary, response: PAGE_RESPONSES });
  app.get("/", { schema: describe("The page") }, page);
  const shared = { ...describe("The page of one propagation: what a person shares"), params: stepsParameter(maxSteps) };
  app.get("/propagation/:steps", { schema: { ...shared, querystring: PAGE_QUERY } }, page);

  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    globIgnore: ["index.html", "**/*.gz"],
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
