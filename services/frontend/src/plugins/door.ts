import type { FastifyReply } from "fastify";
import fp from "fastify-plugin";
import { guard } from "../guard";
import { memoryKey } from "../memory";
import { isSharedAddress, preflightHeaders } from "../http/preflight";
import { notShared } from "../problem";
import { isImmutable, validators, type Ready } from "../ready";
import { encodingFor, matches } from "../send";
import type { Services } from "../services";
import { isComputation, parseTarget, type Target } from "../target";

declare module "fastify" {
  interface FastifyRequest {
    /** What the URL asks for, on routes of computations. */
    target: Target;
    /** Why the door does not let it in. */
    refusal: Error | null;
  }
}

/**
 * The first hook of every request: refuses what is malformed before any route sees it, and answers hits at once. A hit
 * is a look-up and two writes of bytes that are there already; no other hook, handler or serialiser is run.
 */
export const door = fp<Services>((app, { config, memory, metrics }, done) => {
  app.decorateRequest("target");
  app.decorateRequest("refusal", null);
  app.addHook("onRequest", (request, reply, next) => {
    const { raw } = request;
    const problem = guard(raw);
    if (problem) {
      void reply.header("Connection", "close");
      request.refusal = problem;
      return next();
    }
    const url = raw.url as string;
    if (raw.method === "OPTIONS") {
      if (isSharedAddress(url)) return allow(reply);
      request.refusal = notShared();
      return next();
    }
    if (!isComputation(url)) return next();
    let target: Target;
    try {
      target = parseTarget(url, config);
    } catch (error) {
      request.refusal = error as Error;
      return next();
    }
    request.target = target;
    const ready = memory.get(memoryKey(target.computation.key, target.view, target.detail));
    if (ready === undefined || encodingFor(ready, raw.headers["accept-encoding"]) !== ready.encoding) return next();
    metrics.hit(ready, answer(reply, ready, isImmutable(target.version)));
  });
  done();
}, "5.x");

/** The last hook: what the door refuses ends here, with the headers of every answer, and timed and logged as every one. */
export const refusals = fp((app, _options, done) => {
  app.addHook("onRequest", (request, _reply, next) => next(request.refusal ?? undefined));
  done();
}, "5.x");

/** Answers a preflight. The address is not checked further: the request itself is told what is wrong, and may read it. */
function allow(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(204, preflightHeaders(reply.request.raw)).end();
}

function answer(reply: FastifyReply, ready: Ready, immutable: boolean): number {
  reply.hijack();
  const { raw, request } = reply;
  if (matches(request.raw.headers["if-none-match"], ready.etag)) {
    raw.writeHead(304, validators(ready, ready.encoding, immutable, "hit")).end();
    return 0;
  }
  raw.writeHead(200, ready.hit[Number(immutable)] as string[]);
  if (request.raw.method === "HEAD") {
    raw.end();
    return 0;
  }
  raw.end(ready.body);
  return ready.body.length;
}
