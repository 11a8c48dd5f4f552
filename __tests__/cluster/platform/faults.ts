import { until } from "../../../scripts/process/wait.mjs";
import { roles } from "../../../stacks/roles";
import { metric } from "../support/dispatch";
import type { Platform, Role } from "../support/platform";
import { isReady } from "../support/pods";
import { Waiter } from "../support/watch";

/** Long enough for something to be done to it in its middle. */
const STEPS = 600_000;

/** What may break while somebody waits; nobody lends a hand. */
export function faults(platform: Platform): void {
  const kill = async (role: Role, some: "one" | "all"): Promise<void> => {
    const names = (await platform.pods(role)).map(({ metadata }) => `pod/${metadata.name}`);
    await platform.cluster.run(["delete", "--grace-period=0", "--force", "--wait=false", ...(some === "one" ? names.slice(0, 1) : names)]);
  };

  /** Two who wait for a new run, one a frontend; what is done to the platform when it is at its middle; and what they get. */
  const during = async (seed: number, act: () => Promise<void>): Promise<void> => {
    const frontends = await platform.pods("frontend");
    const addresses = await Promise.all(frontends.map(({ metadata: { name } }) => platform.cluster.forward(`pod/${name}`, roles.frontend.ports.http)));
    const waiters = addresses.map((address) => new Waiter(`${address}/propagation/${STEPS}/events?seed=${seed}`));
    await waiters[0]?.midRun();
    await act();
    for (const outcome of await Promise.all(waiters.map((waiter) => waiter.outcome())))
      expect(outcome).toMatchObject({ name: "ready", data: { steps: STEPS, seed } });
    // What they were told is there: every byte of it.
    const body = await fetch(`${addresses[0]}/propagation/${STEPS}/data.arrow?seed=${seed}`);
    expect(body.status).toBe(200);
    expect((await body.arrayBuffer()).byteLength).toBeGreaterThan(STEPS * 50);
    platform.cluster.endForwards();
    await platform.ready();
  };

  test.each<[string, Role, "one" | "all"]>([
    ["a worker is killed", "dask-workers", "one"],
    ["all workers are killed", "dask-workers", "all"],
    ["the scheduler is killed", "dask-scheduler", "all"],
    ["Redis is killed, and all it held", "redis", "all"],
  ])("%s at mid-run: who waits gets the result", async (what, role, some) => {
    await during(100 + what.length, () => kill(role, some));
  }, 600_000);

  test("workers are scaled from three to one and back at mid-run: those that go are drained, who waits gets the result, computed once", async () => {
    const retired = async (): Promise<number> => {
      const log = await platform.cluster.run(["logs", "deployment/dask-scheduler"]);
      return log.match(/Retired worker 'tls:/g)?.length ?? 0;
    };
    const before = { graphs: await metric(platform, "porta_graphs_started_total"), retired: await retired() };
    const scale = (replicas: number): Promise<string> =>
      platform.cluster.run(["scale", "deployment/dask-workers", `--replicas=${replicas}`]);
    await during(7, async () => {
      await scale(1);
      await until(async () => (await platform.pods("dask-workers")).filter(isReady).length === 1, { what: "one worker", timeout: 200_000 });
      await scale(3);
    });
    expect((await metric(platform, "porta_graphs_started_total")) - before.graphs).toBe(1);
    expect((await retired()) - before.retired).toBe(2);
  }, 600_000);
}
