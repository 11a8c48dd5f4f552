import { randomInt } from "node:crypto";
import { ENGINE } from "../../../services/frontend/src/contract";
import { startPool, type Pool } from "../../support";
import { startCache, type Cache } from "../support/cache";
import { ask, type Answer } from "../support/http";
import { startLine, type Line } from "../support/line";
import { cacheEnv, startService, type Service } from "../support/service";

/** Long enough that a quick machine tells progress before it ends (dispatch does every 0.4 s), short enough to be waited for. */
export const LONG = 800_000;

/** An ensemble that tells of itself before it ends, with some chunks: some seconds of two workers. */
export const MANY = { steps: 10_000, runs: 30_000 };

/** The kinds of computation, and the path of a small one of so many steps. */
export const KINDS = [
  ["a propagation", (steps: number) => `/propagation/${steps}`],
  ["an ensemble", (steps: number) => `/ensemble/${steps}/20`],
] as const;

export const GZIP = { headers: { "accept-encoding": "gzip" } };

/** The pool does not give up workers that a test has frozen, however long it needs them so. */
const PATIENT = { DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL: "10m" };

/** A cache, a pool and a frontend with a line to the pool, for all that is tested with them: they take a while to start. */
export class Stage {
  private readonly used = new Set<number>();

  private constructor(
    readonly cache: Cache,
    readonly pool: Pool,
    readonly line: Line,
    readonly service: Service,
  ) {}

  static async set(): Promise<Stage> {
    const cache = await startCache("1gb");
    const pool = await startPool({ redis: cache, env: PATIENT });
    const line = await startLine(pool.dispatch);
    return new Stage(cache, pool, line, await startService({ ...cacheEnv(cache), DISPATCH_URL: line.url }, 200));
  }

  async strike(): Promise<void> {
    this.freeze("SIGCONT");
    await this.service.close();
    await this.line.close();
    await this.pool.stop();
    await this.cache.stop();
  }

  /** Another frontend, with nothing in memory, beside the first. */
  another(env: Record<string, string> = {}): Promise<Service> {
    return startService({ ...cacheEnv(this.cache), DISPATCH_URL: this.pool.dispatch, ...env });
  }

  graphsStarted(): Promise<number> {
    return this.metric("porta_graphs_started_total");
  }

  /** A metric of dispatch; 0 where it has none of that name. */
  async metric(name: string): Promise<number> {
    const text = (await ask(`${this.pool.dispatch}/metrics`)).text;
    return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1] ?? 0);
  }

  /** Steps of a computation that nobody has asked for yet. */
  newSteps(): number {
    for (;;) {
      const steps = randomInt(600, 9_000);
      if (!this.used.has(steps) && this.used.add(steps)) return steps;
    }
  }

  /** Stops and continues the workers: what they compute takes as long as a test needs. */
  freeze(signal: "SIGSTOP" | "SIGCONT"): void {
    for (const pid of this.pool.workerPids()) process.kill(pid, signal);
  }
}

export function expectSummary(answer: Answer, steps: number): void {
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({ steps, engine: ENGINE });
}
