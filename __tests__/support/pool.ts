import { python } from "../../scripts/paths.mjs";
import { schedulerService, workerCount, workersService } from "../../scripts/platform/pool.mjs";
import { freePorts } from "../../scripts/process/ports.mjs";
import { childrenOf } from "../../scripts/process/table.mjs";
import { Part, temporaryFolder } from "./part";
import type { Valkey } from "./valkey";

/** A real Dask scheduler with dispatch, and worker processes. */
export interface Pool {
  /** host:port, for `DASK_SCHEDULER` */
  readonly address: string;
  /** For `DISPATCH_URL`. */
  readonly dispatch: string;
  readonly dashboard: string;
  readonly scheduler: Part;
  readonly workers: Part;
  /** The worker processes: what a fault may kill. The process that has forked them forks another for each that ends. */
  workerPids(): number[];
  /** How many workers the scheduler knows. */
  workerCount(): Promise<number>;
  stop(): Promise<void>;
}

export interface PoolOptions {
  readonly redis: Valkey;
  /** @default 2 */
  readonly workers?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export async function startPool({ redis, workers = 2, env = {} }: PoolOptions): Promise<Pool> {
  const folder = temporaryFolder();
  const [scheduler, dashboard, dispatch] = (await freePorts(3)) as [number, number, number];
  const options = { ports: { scheduler, dashboard, dispatch }, directory: folder.path, python, env };
  const parts = await Promise.all([
    Part.start(schedulerService(options)),
    Part.start(workersService({ ...options, count: workers, redis: redis.access("worker") })),
  ]);
  return {
    address: `127.0.0.1:${scheduler}`,
    dispatch: `http://127.0.0.1:${dispatch}`,
    dashboard: `http://127.0.0.1:${dashboard}`,
    scheduler: parts[0],
    workers: parts[1],
    workerPids: () => childrenOf(parts[1].pid),
    workerCount: () => workerCount(options.ports),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      folder.remove();
    },
  };
}
