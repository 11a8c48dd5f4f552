import { startFrontend, type Frontend } from "./frontend";
import { startPool, type Pool } from "./pool";
import { startValkey, type Valkey } from "./valkey";

/** All of Porta: Valkey, scheduler, two workers, frontend. */
export interface Platform {
  readonly url: string;
  readonly valkey: Valkey;
  readonly pool: Pool;
  readonly frontend: Frontend;
  stop(): Promise<void>;
}

export async function startPlatform({ env = {} as NodeJS.ProcessEnv, maxmemory = "256mb" } = {}): Promise<Platform> {
  const valkey = await startValkey({ maxmemory });
  const pool = await startPool({ redis: valkey, env });
  const frontend = await startFrontend({ redis: valkey, pool, env });
  return {
    url: frontend.url,
    valkey,
    pool,
    frontend,
    stop: async () => {
      await frontend.stop();
      await pool.stop();
      await valkey.stop();
    },
  };
}
