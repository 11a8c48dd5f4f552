import { until } from "../../../scripts/process/wait.mjs";
import { roles } from "../../../stacks/roles";
import { served } from "../support/clients";
import { metric } from "../support/dispatch";
import type { Platform, Role } from "../support/platform";
import { isReady } from "../support/pods";
import { Waiter } from "../support/watch";

/** Long enough for something to be done to it in its middle. */
const STEPS = 600_000;

/** Ten chunks of a thousand runs each, since its seeds start at a multiple of that. */
const ENSEMBLE = { steps: 20_000, runs: 10_000, seed: 1000 };

/** What may break while somebody waits; nobody lends a hand. */
export function faults(platform: Platform): void {
  const kill = async (role: Role, some: "one" | "all"): Promise<void> => {
    const names = (await platform.pods(role)).map(({ metadata }) => `pod/${metadata.name}`);
    await platform.cluster.run(["delete", "--grace-period=0", "--force", "--wait=false", ...(some === "one" ? names.slice(0, 1) : names)]);
  };

  /**
   * Two who wait for something new, one a frontend; what is done to the platform when it is at its middle; and what they get.
   * @returns all of its data, as Arrow
   */
  const during = async (path: string, seed: number, act: () => Promise<void>): Promise<ArrayBuffer> => {
    const frontends = await platform.pods("frontend");
    const addresses = await Promise.all(frontends.map(({ metadata: { name } }) => platform.cluster.forward(`pod/${name}`, roles.frontend.ports.http)));
    const waiters = addresses.map((address) => new Waiter(`${address}/${path}/events?seed=${seed}`));
    await waiters[0]?.midRun();
    await act();
    for (const outcome of await Promise.all(waiters.map((waiter) => waiter.outcome())))
      expect(outcome).toMatchObject({ name: "ready", data: { key: `${path}?seed=${seed}`, seed } });
    // What they were told is there: every byte of it.
    const body = await (await served(`${addresses[0]}/${path}/data.arrow?seed=${seed}`)).arrayBuffer();
    platform.cluster.endForwards();
    await platform.ready();
    return body;
  };

  test.each<[string, Role, "one" | "all"]>([
    ["a worker is killed", "dask-workers", "one"],
    ["all workers are killed", "dask-workers", "all"],
    ["the scheduler is killed", "dask-scheduler", "all"],
    ["Redis is killed, and all it held", "redis", "all"],
  ])("%s at mid-run: who waits gets the result", async (what, role, some) => {
    const body = await during(`propagation/${STEPS}`, 100 + what.length, () => kill(role, some));
    expect(body.byteLength).toBeGreaterThan(STEPS * 50);
  }, 600_000);

  test("all workers are killed while an ensemble is computed: who waits gets every run of it, and its chunks are kept", async () => {
    const { steps, runs, seed } = ENSEMBLE;
    const body = await during(`ensemble/${steps}/${runs}`, seed, () => kill("dask-workers", "all"));
    expect(Buffer.from(body).toString("latin1")).toContain(String(runs));
    // All of its chunks are in the cache: the first half of them is an ensemble too, of which no run is computed.
    const address = await platform.address();
    const computed = await metric(platform, 'porta_chunks_total{how="computed"}');
    const half = await served(`${address}/ensemble/${steps}/${runs / 2}/data.json?seed=${seed}`);
    expect(await half.json()).toMatchObject({ runs: runs / 2 });
    expect(await metric(platform, 'porta_chunks_total{how="computed"}')).toBe(computed);
  }, 600_000);

  test("workers are scaled from three to one and back at mid-run: those that go are drained, who waits gets the result, computed once", async () => {
    const retired = async (): Promise<number> => {
      const log = await platform.cluster.run(["logs", "deployment/dask-scheduler"]);
      return log.match(/Retired worker 'tls:/g)?.length ?? 0;
    };
    const before = { graphs: await metric(platform, "porta_graphs_started_total"), retired: await retired() };
    const scale = (replicas: number): Promise<string> =>
      platform.cluster.run(["scale", "deployment/dask-workers", `--replicas=${replicas}`]);
    await during(`propagation/${STEPS}`, 7, async () => {
      await scale(1);
      await until(async () => (await platform.pods("dask-workers")).filter(isReady).length === 1, { what: "one worker", timeout: 200_000 });
      await scale(3);
    });
    expect((await metric(platform, "porta_graphs_started_total")) - before.graphs).toBe(1);
    // Those that go are drained while their pods end, and the log may have the last word of it later.
    await until(async () => (await retired()) - before.retired >= 2, { what: "two workers to be retired", timeout: 200_000 });
    expect((await retired()) - before.retired).toBe(2);
  }, 600_000);
}
