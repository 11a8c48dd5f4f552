import { Redis } from "ioredis";

/** Who asks; without, as any program on this machine. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Sends one command to a Redis on this machine. Resolves to the reply as text, or to the words with which Redis refuses. */
export async function askRedis(port: number, login: Login | undefined, command: string, ...args: string[]): Promise<string> {
  const redis = new Redis({ port, ...login, lazyConnect: true, enableReadyCheck: false, disableClientInfo: true, retryStrategy: () => null });
  try {
    await redis.connect();
    return String(await redis.call(command, ...args));
  } catch (error) {
    if ((error as Error).name === "ReplyError") return (error as Error).message;
    throw error;
  } finally {
    redis.disconnect();
  }
}
