import { execFileSync } from "node:child_process";
import { python, root } from "../../scripts/paths.mjs";
import { frontendService } from "../../scripts/platform/frontend.mjs";
import { freePorts } from "../../scripts/process/ports.mjs";
import { Part, temporaryFolder } from "./part";
import type { Pool } from "./pool";
import type { Valkey } from "./valkey";

/** The real frontend, built, as a process of its own. */
export interface Frontend {
  /** Without a slash at the end. */
  readonly url: string;
  /** Where Prometheus looks. */
  readonly metrics: string;
  readonly part: Part;
  stop(): Promise<void>;
}

export interface FrontendOptions {
  readonly redis: Pick<Valkey, "access">;
  readonly pool: Pick<Pool, "address" | "dispatch">;
  readonly env?: NodeJS.ProcessEnv;
}

let built = false;

/** Builds server and page once a test file. */
export function buildFrontend(): void {
  if (built) return;
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  built = true;
}

export async function startFrontend({ redis, pool, env = {} }: FrontendOptions): Promise<Frontend> {
  buildFrontend();
  const folder = temporaryFolder();
  const [port, metricsPort] = (await freePorts(2)) as [number, number];
  const part = await Part.start(
    frontendService({
      port,
      metricsPort,
      redis: redis.access("frontend"),
      scheduler: pool.address,
      dispatch: pool.dispatch,
      directory: folder.path,
      python,
      env,
    }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    part,
    stop: async () => {
      await part.stop();
      folder.remove();
    },
  };
}
