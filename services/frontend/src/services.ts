import type { Logger } from "pino";
import type { Config } from "./config";
import type { Timeouts } from "./connections/timeouts";
import { Dispatch } from "./dispatch";
import { Feeds } from "./feeds";
import { Flights } from "./flights";
import { Lifecycle } from "./lifecycle";
import { Memory } from "./memory";
import { Metrics } from "./metrics";
import { Results } from "./obtain";
import type { Connections } from "./redis";
import { Sender } from "./sending/sender";
import { ResultStore } from "./store";

/** What an app is built from. The connections are opened and closed by whoever builds it. */
export interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly connections: Connections;
  /** Folder of the built page: index.html and what it refers to. */
  readonly pageFolder: string;
  /** @default 15,000 */
  readonly heartbeatMs?: number;
  /** Limits of connections that differ from the defaults in app.ts. */
  readonly timeouts?: Partial<Timeouts>;
}

/** The parts that routes share. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  readonly memory: Memory;
  readonly store: ResultStore;
  readonly flights: Flights;
  readonly results: Results;
  readonly feeds: Feeds;
  readonly sender: Sender;
  readonly metrics: Metrics;
}

export function makeServices({ config, log, connections, heartbeatMs }: Deps): Services {
  const memory = new Memory(config.memoryCacheBytes);
  const store = new ResultStore(connections, memory);
  const flights = new Flights(new Dispatch({ url: config.dispatchUrl, scheduler: config.scheduler }));
  const feeds = new Feeds(heartbeatMs);
  const sender = new Sender(store, config.memoryCacheBytes, {
    onCut: ({ computation: { kind, key }, product }, { message }) => {
      metrics.cuts.inc({ kind: kind.name });
      log.error({ key, product, reason: message }, "A body was cut while it was sent");
    },
    onSlow: (client) => {
      metrics.slowReaders.inc();
      log.info({ client }, "A client that does not read was cut off");
    },
  });
  const metrics = new Metrics({
    redisUp: () => connections.lookup.status === "ready",
    memoryBytes: () => memory.bytes,
    memoryEntries: () => memory.count,
    flights: (kind) => flights.of(kind).length,
    waiting: (kind) => flights.passengers(kind),
    sseClients: () => feeds.count,
    streams: () => sender.streaming,
    streamsWaiting: () => sender.line.waiting,
    unreadBytes: () => sender.unread.bytes,
  });
  const results = new Results(store, flights);
  return { config, log, lifecycle: new Lifecycle(), memory, store, flights, results, feeds, sender, metrics };
}
