import { roles } from "../../../stacks/roles";
import { passwordOf } from "../../../stacks/secrets";
import { ask, served } from "../support/clients";
import type { Platform } from "../support/platform";
import { Waiter } from "../support/watch";

/** A run may take a quarter of it: 60,000 steps do, 600,000 do not. */
const SMALL = "64mb";
const FITS = 60_000;
const DOES_NOT = 600_000;

/** From a pod that may speak to Redis, as a worker: a MiB a key, until something has been evicted, then as many again as are wanted. */
const FILL = `
import os, sys, redis
password, more = sys.stdin.read(), int(sys.argv[1])
client = redis.Redis("redis", 6379, username="worker", password=password, socket_timeout=20)
def put():
    client.hset("propagation/0-" + os.urandom(8).hex(), "a", os.urandom(2**20))
while client.info("stats")["evicted_keys"] == 0:
    put()
for _ in range(more):
    put()
print(client.info("memory")["used_memory"], client.info("stats")["evicted_keys"])
`;

/** A cache that is small, and full of what others wanted. */
export function redisFull(platform: Platform): void {
  const { cluster } = platform;
  const fill = async (more: number): Promise<number[]> => {
    const { metadata } = await platform.pod("jupyter-notebook");
    const said = await cluster.exec(metadata.name, ["python", "-c", FILL, String(more)], platform.secret(passwordOf("worker")));
    return said.trim().split(" ").map(Number);
  };
  /** @returns what it was */
  const resize = async (maxmemory: string): Promise<string> => {
    const { spec } = await cluster.json<{ spec: { template: { spec: { containers: [{ args: string[] }] } } } }>(["get", "deployment/redis"]);
    const { args } = spec.template.spec.containers[0];
    const at = args.indexOf("--maxmemory") + 1;
    const path = `/spec/template/spec/containers/0/args/${at}`;
    await cluster.run(["patch", "deployment/redis", "--type", "json", "--patch", JSON.stringify([{ op: "replace", path, value: maxmemory }])]);
    await platform.ready();
    await found();
    return args[at] as string;
  };
  /** Until a frontend has found a Redis that was replaced, it says so to new requests. */
  const found = async (): Promise<void> => {
    for (const address of await frontends()) {
      await served(`${address}/propagation/960/summary`);
    }
    cluster.endForwards();
  };
  const frontends = async (): Promise<string[]> => {
    const pods = await platform.pods("frontend");
    return Promise.all(pods.map(({ metadata: { name } }) => cluster.forward(`pod/${name}`, roles.frontend.ports.http)));
  };

  let before = "";
  beforeAll(async () => (before = await resize(SMALL)), 300_000);
  afterAll(() => resize(before), 300_000);

  test("Redis is full of others' results and is written to all the time: who waits gets theirs, whole, since the coldest leave", async () => {
    await fill(0);
    const addresses = await frontends();
    let waiting = true;
    const others = (async () => {
      while (waiting) await fill(4);
    })();
    try {
      const waiters = addresses.map((address) => new Waiter(`${address}/propagation/${FITS}/events?seed=64`));
      for (const outcome of await Promise.all(waiters.map((waiter) => waiter.outcome())))
        expect(outcome).toMatchObject({ name: "ready", data: { steps: FITS, seed: 64 } });
      const body = await served(`${addresses[0]}/propagation/${FITS}/data.json?seed=64`);
      expect(((await body.json()) as { records: unknown[] }).records.length).toBeGreaterThan(FITS);
    } finally {
      waiting = false;
      await others;
      cluster.endForwards();
    }
    const [used, evicted] = await fill(0);
    expect(used).toBeLessThan(80 * 2 ** 20);
    expect(evicted).toBeGreaterThan(0);
  }, 400_000);

  test("a result that cannot fit is 507 at once, in words with the way out, for who asks and for who waits; one that can is still served", async () => {
    const address = await platform.address();
    const answer = await ask(`${address}/propagation/${DOES_NOT}/summary?seed=64`);
    expect(answer.status).toBe(507);
    expect(answer.text).toMatch(/may take a quarter of the cache, which has 64 MiB: give Redis a maxmemory of \d+ MiB, or ask for less/);
    const outcome = await new Waiter(`${address}/propagation/${DOES_NOT}/events?seed=64`).outcome();
    expect(outcome).toMatchObject({ name: "failed", data: { retryable: false } });
    await served(`${address}/propagation/970/summary?seed=64`);
  }, 200_000);
}
