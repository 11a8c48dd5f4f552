import { readFileSync } from "node:fs";
import { python } from "../../scripts/paths.mjs";
import { schedulerService, workerCount, workersService } from "../../scripts/platform/pool.mjs";
import { freePorts } from "../../scripts/process/ports.mjs";
import { processTree } from "../../scripts/process/table.mjs";
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
  /** The worker processes: what a fault may kill. Each is started again by its nanny. */
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
    // Under the parent that looks after them there is one process of multiprocessing's own, which tracks what it shares.
    workerPids: () =>
      processTree(parts[1].pid)
        .filter((entry) => entry.parent === parts[1].pid && !isResourceTracker(entry.pid))
        .map((entry) => entry.pid),
    workerCount: () => workerCount(options.ports),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      folder.remove();
    },
  };
}

function isResourceTracker(pid: number): boolean {
  return readCommand(pid).includes("resource_tracker");
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
