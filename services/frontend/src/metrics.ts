import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { PRODUCTS, type Product } from "./products";
import type { CacheState } from "./ready";

/** What Gauges ask at each scrape. */
export interface Sources {
  readonly redisUp: () => boolean;
  readonly memoryBytes: () => number;
  readonly memoryEntries: () => number;
  readonly flights: () => number;
  readonly waiting: () => number;
  readonly sseClients: () => number;
  readonly streams: () => number;
}

/** Hits are counted in plain numbers and published at a scrape: a labelled counter costs as much as the rest of a hit. */
class Tally {
  count = 0;
  bytes = 0;
}

export class Metrics {
  readonly registry = new Registry();
  private readonly hits = Object.fromEntries(PRODUCTS.map((name) => [name, new Tally()])) as Record<Product, Tally>;
  private readonly answers: Counter<"product" | "cache">;
  private readonly bytes: Counter<"product">;
  readonly durations: Histogram<"route" | "status">;
  readonly problems: Counter<"status">;
  readonly cuts: Counter;
  readonly held: Counter;

  constructor(sources: Sources) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const hits = this.hits;
    this.answers = new Counter({
      name: "porta_frontend_answers_total",
      help: "Results sent, by product and by how they came about: hit, miss (this request started the graph), wait (it joined one)",
      labelNames: ["product", "cache"],
      registers,
      collect() {
        for (const product of PRODUCTS) {
          this.inc({ product, cache: "hit" }, hits[product].count);
          hits[product].count = 0;
        }
      },
    });
    this.bytes = new Counter({
      name: "porta_frontend_sent_bytes_total",
      help: "Bytes of bodies sent, by product",
      labelNames: ["product"],
      registers,
      collect() {
        for (const product of PRODUCTS) {
          this.inc({ product }, hits[product].bytes);
          hits[product].bytes = 0;
        }
      },
    });
    this.durations = new Histogram({
      name: "porta_frontend_request_seconds",
      help: "Time from request to the end of the answer, of all requests that memory did not answer",
      labelNames: ["route", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60],
      registers,
    });
    this.problems = new Counter({
      name: "porta_frontend_problems_total",
      help: "Requests answered with a problem, by status",
      labelNames: ["status"],
      registers,
    });
    this.cuts = new Counter({
      name: "porta_frontend_cut_bodies_total",
      help: "Bodies cut short because a later chunk was damaged",
      registers,
    });
    this.held = new Counter({
      name: "porta_frontend_held_total",
      help: "Requests answered with 202 because the result took longer than they are held",
      registers,
    });
    gauge("porta_frontend_redis_up", "1 where the cache is connected", () => Number(sources.redisUp()), registers);
    gauge("porta_frontend_memory_bytes", "Bytes of ready bodies in memory", sources.memoryBytes, registers);
    gauge("porta_frontend_memory_entries", "Ready bodies in memory", sources.memoryEntries, registers);
    gauge("porta_frontend_flights", "Runs that this process waits for", sources.flights, registers);
    gauge("porta_frontend_waiting", "Requests that wait for a run", sources.waiting, registers);
    gauge("porta_frontend_sse_clients", "Event streams that are open", sources.sseClients, registers);
    gauge("porta_frontend_streams", "Large bodies that are being sent", sources.streams, registers);
  }

  hit(product: Product, bytes: number): void {
    const tally = this.hits[product];
    tally.count += 1;
    tally.bytes += bytes;
  }

  sent(product: Product, cache: CacheState, bytes: number): void {
    if (cache === "hit") return this.hit(product, bytes);
    this.answers.inc({ product, cache });
    this.bytes.inc({ product }, bytes);
  }
}

function gauge(name: string, help: string, source: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(source());
    },
  });
}
