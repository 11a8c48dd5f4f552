import { python } from "../../scripts/paths.mjs";
import type { RedisAccess } from "../../scripts/platform/service.mjs";
import { findValkey, makePasswords, valkeyService, type Passwords } from "../../scripts/platform/valkey.mjs";
import { freePort } from "../../scripts/process/ports.mjs";
import { Part, temporaryFolder } from "./part";

/** A real Valkey with the accounts of the platform. */
export interface Valkey {
  readonly port: number;
  /** host:port */
  readonly address: string;
  readonly part: Part;
  /** Where its files are. */
  readonly folder: string;
  /** What a part of the platform gets to reach it. */
  access(user: keyof Passwords): RedisAccess & { username: string; password: string };
  stop(): Promise<void>;
}

export async function startValkey({ maxmemory = "256mb", port = 0 } = {}): Promise<Valkey> {
  const folder = temporaryFolder();
  const passwords = makePasswords();
  const chosen = port || (await freePort());
  const part = await Part.start(
    valkeyService({ port: chosen, directory: folder.path, passwords, binary: findValkey(python), python, maxmemory }),
  );
  const address = `127.0.0.1:${chosen}`;
  return {
    port: chosen,
    address,
    part,
    folder: folder.path,
    access: (user) => ({ address, username: user, password: passwords[user] }),
    stop: async () => {
      await part.stop();
      folder.remove();
    },
  };
}
