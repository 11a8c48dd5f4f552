import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support";
import { follow } from "../support/events";
import { ask } from "../support/http";
import { expectSummary, KINDS, type Stage } from "./stage";

/** Parts that are slow, not away: who asks waits for them. */
export function slow(on: () => Stage): void {
  let stage: Stage;
  beforeAll(() => void (stage = on()));

  test.each(KINDS)("twenty clients that ask for %s each during a second for which the scheduler is stopped all get it", async (_, path) => {
    const scheduler = stage.pool.scheduler.pid;
    const steps = Array.from({ length: 20 }, () => stage.newSteps());
    process.kill(scheduler, "SIGSTOP");
    try {
      const asked = Promise.all(steps.map((number) => ask(`${stage.service.url}${path(number)}/summary`)));
      await sleep(1_000);
      process.kill(scheduler, "SIGCONT");
      for (const [index, answer] of (await asked).entries()) expectSummary(answer, steps[index] as number);
    } finally {
      process.kill(scheduler, "SIGCONT");
    }
  });

  test.each(KINDS)("who waits for %s and finds Redis stopped when it is ready goes on waiting, however long a look-up takes", async (_, path) => {
    const own = await stage.another();
    const steps = stage.newSteps();
    const load = own.services.store.load.bind(own.services.store);
    let looks = 0;
    jest.spyOn(own.services.store, "load").mockImplementation((...of) => {
      looks += 1;
      if (looks === 2) process.kill(stage.cache.part.pid, "SIGSTOP");
      return load(...of);
    });
    try {
      const follower = follow(`${own.url}${path(steps)}/events`);
      await until(() => follower.events.some(({ name }) => name === "waiting"), { what: "the look-up after `ready` is given up" });
      process.kill(stage.cache.part.pid, "SIGCONT");
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.at(-1)).toMatchObject({ name: "ready", data: { steps } });
      expect(follower.events.map(({ name }) => name)).not.toContain("failed");
    } finally {
      process.kill(stage.cache.part.pid, "SIGCONT");
      await own.close();
    }
  });
}
