import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { CROSS_ORIGIN } from "../../../services/frontend/src/ready";
import { until } from "../../support";
import { follow, type Follower } from "../support/events";
import { ask } from "../support/http";
import { expectSummary, GZIP, KINDS, LONG, type Stage } from "./stage";

/** One computation for all who wait, and what they hear of it. */
export function flights(on: () => Stage): void {
  let stage: Stage;
  beforeAll(() => void (stage = on()));

  test.each(KINDS)("fifty clients that ask at once for %s that is new cause one graph, over one stream", async (_, path) => {
    const steps = stage.newSteps();
    const [graphs, streams] = [await stage.graphsStarted(), stage.line.count];
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(`${stage.service.url}${path(steps)}/data.json`, GZIP)));
    expect((await stage.graphsStarted()) - graphs).toBe(1);
    expect(stage.line.count - streams).toBe(1);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.toString("base64")}`)).size).toBe(1);
    expect((JSON.parse(gunzipSync((answers[0]?.body as Buffer)).toString()) as { steps: number }).steps).toBe(steps);
    const states = answers.map(({ headers }) => headers["x-cache"]).sort();
    expect(states.filter((state) => state === "miss")).toHaveLength(1);
    expect(states.every((state) => state === "miss" || state === "wait" || state === "hit")).toBe(true);
  });

  test.each(KINDS)("two frontends that ask for %s cause one graph", async (_, path) => {
    const other = await stage.another();
    try {
      const steps = stage.newSteps();
      const graphs = await stage.graphsStarted();
      const answers = await Promise.all([stage.service, other].map(({ url }) => ask(`${url}${path(steps)}/summary`)));
      expect((await stage.graphsStarted()) - graphs).toBe(1);
      for (const answer of answers) expectSummary(answer, steps);
    } finally {
      await other.close();
    }
  });

  test.each(KINDS)("a request for %s that is held too long gets 202 with the events, which lead to the result", async (_, path) => {
    const impatient = await stage.another({ HOLD_MS: "300" });
    const steps = stage.newSteps();
    stage.freeze("SIGSTOP");
    try {
      const held = await ask(`${impatient.url}${path(steps)}/data.json?seed=5`, GZIP);
      expect(held.status).toBe(202);
      expect(Number(held.headers["retry-after"])).toBeGreaterThan(0);
      const events = `${path(steps)}/events?seed=5`;
      expect(held.headers.link).toBe(`<${events}>; rel="monitor"`);
      expect(held.headers["access-control-expose-headers"]).toBe(CROSS_ORIGIN["Access-Control-Expose-Headers"]);
      expect(held.json()).toMatchObject({ state: "computing", events });
      const follower = follow(impatient.url + events);
      stage.freeze("SIGCONT");
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.at(-1)).toMatchObject({ name: "ready", data: { steps, seed: 5 } });
      expect((await ask(`${impatient.url}${path(steps)}/data.json?seed=5`, GZIP)).headers["x-cache"]).toBe("hit");
    } finally {
      stage.freeze("SIGCONT");
      await impatient.close();
    }
  });

  test("events tell progress with the windows of the overview, a heartbeat, and the summary", async () => {
    const follower = follow(`${stage.service.url}/propagation/${LONG}/events`);
    await until(() => follower.ended, { what: "the events end" });
    const progress = follower.events.filter(({ name }) => name === "progress");
    expect(progress.length).toBeGreaterThan(0);
    const rows = new Set<number>();
    for (const { data } of progress) {
      for (const { first, data: base64 } of data["windows"] as { first: number; data: string }[]) {
        for (let row = 0; row < Buffer.from(base64, "base64").length / 128; row++) rows.add(first + row);
      }
    }
    expect(progress.at(-1)?.data).toMatchObject({ total: LONG });
    expect(rows.size).toBeLessThanOrEqual(511);
    expect(follower.text).toContain("\n:\n\n");
    expect(follower.events.at(-1)).toMatchObject({ name: "ready", data: { steps: LONG } });
  });

  test("who joins late is told everything so far", async () => {
    const steps = LONG + 1;
    const early = follow(`${stage.service.url}/propagation/${steps}/events?seed=3`);
    await until(() => early.events.some(({ data }) => Number(data["done"]) > 0), { what: "the first progress" });
    stage.freeze("SIGSTOP");
    try {
      const late = follow(`${stage.service.url}/propagation/${steps}/events?seed=3`);
      await until(() => late.events.length > 0, { what: "the late one's first event" });
      const [first] = late.events as [Follower["events"][number]];
      if (first.name === "progress") {
        const bytes = (events: Follower["events"]): number =>
          events.flatMap(({ data }) => (data["windows"] ?? []) as { data: string }[]).reduce((sum, { data }) => sum + data.length, 0);
        await until(() => bytes(early.events) <= bytes(late.events), { what: "both know the same" });
        expect(bytes([first])).toBeGreaterThan(0);
      }
      stage.freeze("SIGCONT");
      await until(() => early.ended && late.ended, { what: "both end" });
    } finally {
      stage.freeze("SIGCONT");
    }
  });

  test.each(KINDS)("when the last who waits for %s has left, the stream from dispatch is closed, and nothing is kept", async (_, path) => {
    const steps = stage.newSteps();
    stage.freeze("SIGSTOP");
    try {
      const followers = Array.from({ length: 20 }, () => follow(`${stage.service.url}${path(steps)}/events`));
      await until(() => stage.service.services.flights.passengers() === 20 && stage.line.open === 1, { what: "all wait, over one stream" });
      followers.slice(1).forEach((follower) => follower.leave());
      await until(() => stage.service.services.flights.passengers() === 1, { what: "all but one have left" });
      expect(stage.line.open).toBe(1);
      followers[0]?.leave();
      await until(() => stage.service.services.feeds.count === 0 && stage.service.services.flights.count === 0 && stage.line.open === 0, {
        what: "everything is freed",
      });
    } finally {
      stage.freeze("SIGCONT");
    }
  });

  test.each(KINDS)("what the limits of the pool do not allow, but the frontend's do, is refused in the pool's words, for good: %s", async (_, path) => {
    const generous = await stage.another({ MAX_STEPS: "2000000" });
    try {
      const answer = await ask(`${generous.url}${path(1_500_000)}/summary`);
      expect([answer.status, answer.headers["retry-after"]]).toEqual([400, undefined]);
      expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining("1000000") });
      const follower = follow(`${generous.url}${path(1_500_000)}/events`);
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events).toEqual([{ name: "failed", data: { reason: answer.json()["detail"], retryable: false } }]);
    } finally {
      await generous.close();
    }
  });

  test("a client that asks again and again over one connection before the first answer has ended, and leaves, leaves nothing behind", async () => {
    const path = `/propagation/${stage.newSteps()}`;
    const { flights, feeds } = stage.service.services;
    stage.freeze("SIGSTOP");
    const socket = connect(stage.service.port, "127.0.0.1");
    try {
      const views = ["events", "events", "data.json", "events"];
      socket.write(views.map((view) => `GET ${path}/${view} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
      await until(() => flights.passengers() === 4 && feeds.count === 3 && stage.line.open === 1, { what: "all wait" });
      socket.destroy();
      await until(() => flights.count === 0 && feeds.count === 0 && stage.line.open === 0, { what: "everything is freed" });
    } finally {
      socket.destroy();
      stage.freeze("SIGCONT");
    }
  });

  test.each(KINDS)("a stream of %s that is lost while clients wait is opened again, and the answer comes", async (_, path) => {
    const steps = stage.newSteps();
    stage.freeze("SIGSTOP");
    try {
      const graphs = await stage.graphsStarted();
      const answer = ask(`${stage.service.url}${path(steps)}/summary`);
      const follower = follow(`${stage.service.url}${path(steps)}/events`);
      await until(() => stage.service.services.flights.passengers() === 2 && stage.line.open === 1, { what: "both wait" });
      await until(() => follower.events.some(({ name }) => name === "progress"), { what: "progress" });
      await stage.line.cut(true);
      await until(() => follower.events.some(({ name }) => name === "waiting"), { what: "who waits is told" });
      // Who comes now is new, and told at once.
      expect((await ask(`${stage.service.url}${path(steps)}/summary`)).status).toBe(503);
      await stage.line.restore();
      await until(() => stage.line.open === 1, { what: "dispatch is asked again" });
      stage.freeze("SIGCONT");
      expectSummary(await answer, steps);
      await until(() => follower.ended, { what: "the events end" });
      expect(follower.events.at(-1)).toMatchObject({ name: "ready" });
      expect((await stage.graphsStarted()) - graphs).toBe(1);
    } finally {
      if (stage.line.open === 0) await stage.line.restore().catch(() => undefined);
      stage.freeze("SIGCONT");
    }
  });

  test.each(KINDS)("Redis that is killed and comes back while clients wait for %s: the answer still comes", async (_, path) => {
    const steps = stage.newSteps();
    stage.freeze("SIGSTOP");
    try {
      const answer = ask(`${stage.service.url}${path(steps)}/summary`);
      await until(() => stage.service.services.flights.count === 1, { what: "it waits" });
      await stage.cache.part.kill();
      stage.freeze("SIGCONT");
      await stage.cache.part.startAgain();
      expectSummary(await answer, steps);
    } finally {
      stage.freeze("SIGCONT");
    }
  });
}
