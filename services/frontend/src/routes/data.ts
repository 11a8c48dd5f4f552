import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { KINDS } from "../kinds";
import type { Kind, Progress } from "../kinds/kind";
import { Wait, type Interrupted } from "../lifecycle";
import type { Obtained } from "../obtain";
import { dataQuery, pathParameters, RANGE_HEADERS } from "../openapi/parameters";
import { dataResponses } from "../openapi/responses";
import { Problem } from "../problem";
import { PRODUCT, type Product } from "../products";
import { memoryKey } from "../memory";
import { CROSS_ORIGIN, isImmutable } from "../ready";
import { wishOf } from "../sending/plan";
import type { Services } from "../services";
import type { Found } from "../store";
import { routeOf, type Target } from "../target";

/** Results that memory does not hold: from Redis, or from the pool. */
export const dataRoutes: FastifyPluginAsync<Services> = async (app, services) => {
  const limits = services.config;
  const describe = (kind: Kind, product: Product): object => ({
    tags: [kind.name],
    summary: kind.description.products[product]?.summary,
    params: pathParameters(kind, limits),
    querystring: dataQuery(kind, product === "overview" ? kind.description.overviewQuery(limits) : {}),
    headers: RANGE_HEADERS,
    response: dataResponses(kind, product),
  });
  for (const kind of KINDS) {
    for (const product of kind.products) {
      // Its headers are complete; helmet's are for pages.
      app.get(routeOf(kind, product), { schema: describe(kind, product), helmet: false }, async (request, reply) => {
        if (PRODUCT[product].shared) void reply.headers(CROSS_ORIGIN);
        await (request.method === "HEAD" ? look : deliver)(services, product, request, reply);
        return reply;
      });
    }
  }
};

/** What memory holds needs no look-up: it was verified, and can never be other bytes. */
async function load({ memory, store }: Services, { computation, detail }: Target, product: Product): Promise<Found | null> {
  const ready = memory.get(memoryKey(computation.key, product, detail));
  if (ready !== undefined) return ready;
  return detail === null ? store.load(computation, product) : store.loadDetail(computation, detail);
}

/** HEAD tells of what is there; it never has anything computed. */
async function look(services: Services, product: Product, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const found = await load(services, request.target, product);
  if (!found) throw notComputed();
  await send(services, request, reply, { found, cache: "hit" }, services.lifecycle.end);
}

async function deliver(services: Services, product: Product, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const wait = new Wait(reply.raw, services.lifecycle, services.config.holdMs);
  try {
    const obtained = await obtain(services, product, request, reply, wait.signal);
    if (obtained !== null) await send(services, request, reply, obtained, wait.signal);
  } finally {
    wait.release();
  }
}

/** Null: there is none in time, and the client has been told so or has left. @throws Problem */
async function obtain(
  services: Services,
  product: Product,
  { target }: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<Obtained<Found> | null> {
  let progress: Progress | null = null;
  const watch = { onProgress: (news: Progress) => void (progress = news) };
  try {
    return await services.results.wait(target.computation, () => load(services, target, product), signal, watch);
  } catch (error) {
    if (!signal.aborted) throw error;
    const { why } = signal.reason as Interrupted;
    if (why === "client left") reply.hijack();
    else accepted(services, target, reply, progress, why);
    return null;
  }
}

async function send(
  { sender, metrics }: Services,
  { raw, target }: FastifyRequest,
  reply: FastifyReply,
  { found, cache }: Obtained<Found>,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await sender.send(reply, found, wishOf(raw, found, isImmutable(target.version)), cache, signal);
  if (bytes !== null) metrics.sent(found, cache, bytes);
}

/** Seconds after which a client that was held in vain asks again, where the pool does not know better. */
const ASK_AGAIN = 5;

function accepted({ metrics }: Services, { computation: { kind, key } }: Target, reply: FastifyReply, progress: Progress | null, why: string): void {
  metrics.held.inc({ kind: kind.name });
  const [path, query] = key.split("?");
  const events = `/${path}/events${query ? `?${query}` : ""}`;
  const seconds = why === "going down" ? 1 : Math.min(kind.longestPause, Math.max(1, Math.ceil(progress?.eta ?? ASK_AGAIN)));
  if (why === "going down") void reply.header("Connection", "close");
  void reply
    .code(202)
    .headers({ "Retry-After": seconds, Link: `<${events}>; rel="monitor"`, "Cache-Control": "no-store" })
    .type("application/json; charset=utf-8")
    .send(
      JSON.stringify({
        state: "computing",
        done: progress?.done ?? null,
        total: progress?.total ?? null,
        eta: progress?.eta ?? null,
        events,
      }),
    );
}

function notComputed(): Problem {
  return new Problem({
    status: 404,
    kind: "not-computed",
    title: "Not computed yet",
    detail: "HEAD tells what is there and starts nothing. GET has it computed.",
    headers: { "X-Cache": "miss" },
  });
}
