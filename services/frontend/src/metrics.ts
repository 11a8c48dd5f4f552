import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { KINDS } from "./kinds";
import type { Kind } from "./kinds/kind";
import type { Product } from "./products";
import type { CacheState, Form } from "./ready";

/** What Gauges ask at each scrape. */
export interface Sources {
  readonly redisUp: () => boolean;
  readonly memoryBytes: () => number;
  readonly memoryEntries: () => number;
  readonly flights: (kind: Kind) => number;
  readonly waiting: (kind: Kind) => number;
  readonly sseClients: () => number;
  readonly streams: () => number;
  readonly streamsWaiting: () => number;
  readonly unreadBytes: () => number;
}

/** Hits are counted in plain numbers and published at a scrape: a labelled counter costs as much as the rest of a hit. */
class Tally {
  count = 0;
  bytes = 0;

  constructor(
    readonly kind: string,
    readonly product: Product,
  ) {}
}

export class Metrics {
  readonly registry = new Registry();
  private readonly hits = new Map(KINDS.map((kind) => [kind, tallies(kind)]));
  private readonly answers: Counter<"kind" | "product" | "cache">;
  private readonly bytes: Counter<"kind" | "product">;
  readonly durations: Histogram<"route" | "status">;
  readonly problems: Counter<"status">;
  readonly cuts: Counter<"kind">;
  readonly slowReaders: Counter;
  readonly held: Counter<"kind">;

  constructor(sources: Sources) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const hits = [...this.hits.values()].flatMap((tallies) => Object.values(tallies));
    this.answers = new Counter({
      name: "porta_frontend_answers_total",
      help: "Results sent, by kind, by product and by how they came about: hit, miss (this request started the graph), wait (it joined one)",
      labelNames: ["kind", "product", "cache"],
      registers,
      collect() {
        for (const tally of hits) {
          this.inc({ kind: tally.kind, product: tally.product, cache: "hit" }, tally.count);
          tally.count = 0;
        }
      },
    });
    this.bytes = new Counter({
      name: "porta_frontend_sent_bytes_total",
      help: "Bytes of bodies sent, by kind and product",
      labelNames: ["kind", "product"],
      registers,
      collect() {
        for (const tally of hits) {
          this.inc({ kind: tally.kind, product: tally.product }, tally.bytes);
          tally.bytes = 0;
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
      help: "Bodies cut short because a later chunk was damaged or could not be read, by kind",
      labelNames: ["kind"],
      registers,
    });
    this.slowReaders = new Counter({
      name: "porta_frontend_slow_readers_total",
      help: "Clients cut off because they did not read what they were sent, when others needed the memory",
      registers,
    });
    this.held = new Counter({
      name: "porta_frontend_held_total",
      help: "Requests answered with 202 because the result took longer than they are held, by kind",
      labelNames: ["kind"],
      registers,
    });
    gauge("porta_frontend_redis_up", "1 where the cache is connected", () => Number(sources.redisUp()), registers);
    gauge("porta_frontend_memory_bytes", "Bytes of ready bodies in memory", sources.memoryBytes, registers);
    gauge("porta_frontend_memory_entries", "Ready bodies in memory", sources.memoryEntries, registers);
    gaugeByKind("porta_frontend_flights", "Computations that this process waits for, by kind", sources.flights, registers);
    gaugeByKind("porta_frontend_waiting", "Requests that wait for a computation, by kind", sources.waiting, registers);
    gauge("porta_frontend_sse_clients", "Event streams that are open", sources.sseClients, registers);
    gauge("porta_frontend_streams", "Large bodies that are being sent, or wait for their turn", sources.streams, registers);
    gauge("porta_frontend_streams_waiting", "Large bodies that wait for their turn", sources.streamsWaiting, registers);
    gauge("porta_frontend_unread_bytes", "Bytes that clients were sent and have not read yet", sources.unreadBytes, registers);
  }

  hit({ computation, product }: Form, bytes: number): void {
    const tally = this.hits.get(computation.kind)?.[product] as Tally;
    tally.count += 1;
    tally.bytes += bytes;
  }

  sent(form: Form, cache: CacheState, bytes: number): void {
    if (cache === "hit") return this.hit(form, bytes);
    const of = { kind: form.computation.kind.name, product: form.product };
    this.answers.inc({ ...of, cache });
    this.bytes.inc(of, bytes);
  }
}

function tallies({ name, products }: Kind): Readonly<Partial<Record<Product, Tally>>> {
  return Object.fromEntries(products.map((product) => [product, new Tally(name, product)]));
}

function gaugeByKind(name: string, help: string, source: (kind: Kind) => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    labelNames: ["kind"],
    registers,
    collect() {
      for (const kind of KINDS) this.set({ kind: kind.name }, source(kind));
    },
  });
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
