import { cacheTrouble } from "../../scripts/launch/cache.mjs";
import { freePort, startValkey, until } from "../support";
import { selfSigned, startOddValkey, startTls, startWeb, type OtherServer } from "../support/servers";
import { Launcher, START_MS } from "./launcher";

/** Asks about a server as `npm start` does. */
async function told(server: OtherServer, { scheme = "redis://", env = {}, writes = true, path = "" } = {}): Promise<string | undefined> {
  try {
    return await cacheTrouble(`${scheme}127.0.0.1:${server.port}${path}`, env, writes);
  } finally {
    await server.stop();
  }
}

const locked = { args: ["--requirepass", "secret"] };

test("an external Redis that works is not talked of, with a password or without one", async () => {
  expect(await told(await startOddValkey())).toBeUndefined();
  expect(await told(await startOddValkey(locked), { env: { REDIS_PASSWORD: "secret" }, path: "/3" })).toBeUndefined();
  expect(await told(await startOddValkey(), { env: { REDIS_PASSWORD: "not needed" } })).toBeUndefined();
});

test("the accounts of a platform may do what is asked for", async () => {
  const valkey = await startValkey();
  try {
    for (const [user, writes] of [["worker", true], ["frontend", false]] as const) {
      const { address, username, password } = valkey.access(user);
      expect(await cacheTrouble(address, { REDIS_USERNAME: username, REDIS_PASSWORD: password }, writes)).toBeUndefined();
    }
    const { address, username, password } = valkey.access("frontend");
    expect(await cacheTrouble(address, { REDIS_USERNAME: username, REDIS_PASSWORD: password }, true)).toContain("does not allow it");
  } finally {
    await valkey.stop();
  }
});

test("what is wrong with an external Redis is told in the words of the frontend", async () => {
  const cluster = async (): Promise<OtherServer> => startOddValkey({ args: ["--cluster-enabled", "yes", "--cluster-port", String(await freePort())] });
  expect(await told(await cluster())).toContain("is a node of a Redis Cluster. Porta needs a single Redis");
  expect(await told(await startOddValkey({ args: ["--replicaof", "127.0.0.1 1"] }))).toContain("is a read-only replica, and the workers have to write");
  expect(await told(await startOddValkey({ args: ["--replicaof", "127.0.0.1 1"] }), { writes: false })).toBeUndefined();
  expect(await told(await startOddValkey(locked))).toContain("asks for a password, and none is set");
  expect(await told(await startOddValkey(locked), { env: { REDIS_PASSWORD: "wrong" } })).toContain("refuses this user or password");
  expect(await told(await startOddValkey(), { path: "/77" })).toContain("has no database of this number");
  expect(await told(await startWeb())).toContain("is no Redis: it answers as a web server does");
  expect(await told(await startOddValkey(), { scheme: "rediss://" })).toContain("speak TLS");
  const tls = startTls(1, await selfSigned());
  expect(await told(await tls)).toContain("as a port does that takes only TLS");
  expect(await told(await startTls(1, await selfSigned()), { scheme: "rediss://" })).toContain("has a certificate that is not trusted");
  expect(await cacheTrouble(`127.0.0.1:${await freePort()}`, {}, true)).toContain("nothing listens at that port");
}, 120_000);

test("npm start with a Redis that is none says so beside its address, and runs", async () => {
  const web = await startWeb();
  const porta = await Launcher.start({ REDIS_ADDR: `127.0.0.1:${web.port}`, DASK_SCHEDULER: "127.0.0.1:1" });
  try {
    await until(() => porta.output.includes("is no Redis: it answers as a web server does"), { what: "it is said" });
    expect((await fetch(`${porta.url}/health/ready`)).status).toBe(200);
  } finally {
    await porta.stop();
    await web.stop();
  }
}, START_MS);
