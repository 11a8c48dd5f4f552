import type { FastifyReply } from "fastify";
import fp from "fastify-plugin";
import { guard } from "../guard";
import { memoryKey } from "../memory";
import { isSharedAddress, preflightHeaders } from "../http/preflight";
import { notShared } from "../problem";
import { isImmutable, type Ready } from "../ready";
import { encodingFor } from "../sending/negotiation";
import { wishOf } from "../sending/plan";
import type { Sender } from "../sending/sender";
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
export const door = fp<Services>((app, { config, memory, metrics, sender }, done) => {
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
    if (ready === undefined) return next();
    let bytes: number | null;
    try {
      bytes = answer(sender, reply, ready, isImmutable(target.version));
    } catch (error) {
      request.refusal = error as Error;
      return next();
    }
    if (bytes === null) return next();
    metrics.hit(ready, bytes);
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

/** Null: memory does not hold it as it is wanted. @throws Problem 416 */
function answer(sender: Sender, reply: FastifyReply, ready: Ready, immutable: boolean): number | null {
  const { raw } = reply;
  const { method, headers } = raw.req;
  const special = method === "HEAD" || headers.range !== undefined || headers["if-none-match"] !== undefined;
  if (special || encodingFor(ready, headers["accept-encoding"]) !== ready.encoding) {
    return sender.sendHeld(reply, ready, wishOf(raw.req, ready, immutable));
  }
  // The most frequent request by far: its headers were made when the body entered memory.
  reply.hijack();
  raw.writeHead(200, ready.hit[Number(immutable)] as string[]);
  raw.end(ready.body);
  sender.watch(raw, ready.body);
  return ready.body.length;
}
