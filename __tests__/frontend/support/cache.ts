import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { python } from "../../../scripts/paths.mjs";
import { findValkey, makePasswords, valkeyService } from "../../../scripts/platform/valkey.mjs";
import { freePort, type Valkey } from "../../support";
import { Part, temporaryFolder } from "../../support/part";

const ADMIN = "admin";

/** The platform's cache, and a key to it that the platform has not: a test has to put things there that nobody would. */
export interface Cache extends Valkey {
  readonly admin: Redis;
}

export async function startCache(maxmemory = "256mb"): Promise<Cache> {
  const folder = temporaryFolder();
  const passwords = makePasswords();
  const port = await freePort();
  const service = valkeyService({ port, directory: folder.path, passwords, binary: findValkey(python), python, maxmemory });
  const part = await Part.start({
    ...service,
    prepare: () => {
      service.prepare?.();
      appendFileSync(join(folder.path, "users.acl"), `user ${ADMIN} on >${ADMIN} ~* &* +@all\n`);
    },
  });
  const address = `127.0.0.1:${port}`;
  const admin = new Redis({ host: "127.0.0.1", port, username: ADMIN, password: ADMIN, protocol: 2 });
  admin.on("error", () => undefined); // it is killed on purpose
  return {
    port,
    address,
    part,
    admin,
    folder: folder.path,
    access: (user) => ({ address, username: user, password: passwords[user] }),
    stop: async () => {
      admin.disconnect();
      await part.stop();
      folder.remove();
    },
  };
}
