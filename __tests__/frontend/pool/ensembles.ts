import { gunzipSync } from "node:zlib";
import { until } from "../../support";
import { follow, type Event, type Follower } from "../support/events";
import { ask } from "../support/http";
import { GZIP, MANY, type Stage } from "./stage";

const WAIT = { timeout: 240_000 };

/** How many runs the overview of a progress event shows; null where it has none. */
function shown({ data }: Event): number | null {
  return typeof data["overview"] === "string" ? runsIn(Buffer.from(data["overview"], "base64")) : null;
}

function runsIn(overview: Buffer): number {
  expect(overview.toString("latin1", 0, 8)).toBe("porta/en");
  expect([overview.readUInt32LE(20), overview.readUInt32LE(24)]).toEqual([MANY.steps, MANY.runs]);
  return overview.readUInt32LE(28);
}

function progressOf({ events }: Follower): Event[] {
  return events.filter(({ name }) => name === "progress");
}

/** What is told of an ensemble while it is computed. */
export function ensembles(on: () => Stage): void {
  let stage: Stage;
  beforeAll(() => void (stage = on()));

  test("events count runs, and show the bands of more and more of them, until the whole is ready", async () => {
    const path = `/ensemble/${MANY.steps}/${MANY.runs}`;
    const follower = follow(`${stage.service.url}${path}/events?seed=1000000`);
    await until(() => follower.ended, { what: "the events end", ...WAIT });
    const progress = progressOf(follower);
    const done = progress.map(({ data }) => data["done"] as number);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(progress.at(-1)?.data).toMatchObject({ total: MANY.runs });
    const pictures = progress.map(shown).filter((runs) => runs !== null);
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures).toEqual([...pictures].sort((a, b) => a - b));
    expect(pictures[0]).toBeGreaterThan(0);
    expect(pictures[0]).toBeLessThan(MANY.runs);
    expect(follower.events.at(-1)).toMatchObject({ name: "ready", data: { ...MANY, seed: 1_000_000 } });
    const overview = await ask(`${stage.service.url}${path}/overview?seed=1000000`, GZIP);
    expect([overview.headers["x-cache"], runsIn(gunzipSync(overview.body))]).toEqual(["hit", MANY.runs]);
  }, 300_000);

  describe("under way, with its workers stopped", () => {
    const path = `/ensemble/${MANY.steps}/${MANY.runs}`;
    const seed = 2_000_000;
    let follower: Follower;

    beforeAll(async () => {
      follower = follow(`${stage.service.url}${path}/events?seed=${seed}`);
      await until(() => progressOf(follower).some((event) => shown(event) !== null), { what: "some runs are to be seen", ...WAIT });
      stage.freeze("SIGSTOP");
      await until(() => shown(progressOf(follower).at(-1) as Event) === null, { what: "the last line has no picture", ...WAIT });
      expect(follower.ended).toBe(false);
    }, 300_000);

    afterAll(async () => {
      follower?.leave();
      stage.freeze("SIGCONT");
      await until(async () => (await stage.metric("porta_flights")) === 0, { what: "the pool has given it up, or has ended it", ...WAIT });
    }, 300_000);

    test("who joins late is told the newest picture at once, by the same frontend and by another", async () => {
      const other = await stage.another();
      const late = [stage.service, other].map(({ url }) => follow(`${url}${path}/events?seed=${seed}`));
      try {
        await until(() => late.every(({ events }) => events.length > 0), { what: "both hear of it" });
        const newest = Math.max(...progressOf(follower).map((event) => shown(event) ?? 0));
        for (const { events } of late) {
          expect(events[0]?.name).toBe("progress");
          expect(shown(events[0] as Event)).toBe(newest);
        }
      } finally {
        for (const each of late) each.leave();
        await other.close();
      }
    });

    test("one ensemble more than the pool computes at a time waits in line, and is told its place; who leaves the line makes room", async () => {
      const more: Follower[] = [];
      const placeOf = ({ events }: Follower): unknown => events.findLast(({ name }) => name === "progress")?.data["place"];
      const isInLine = async (): Promise<boolean> => {
        const another = follow(`${stage.service.url}/ensemble/${stage.newSteps()}/20/events`);
        more.push(another);
        await until(() => another.events.length > 0, { what: "it hears of the pool", ...WAIT });
        return placeOf(another) === 1;
      };
      try {
        await until(isInLine, { what: "one waits in line", ...WAIT });
        const [inLine, ...computed] = [...more].reverse() as [Follower, ...Follower[]];
        expect(computed).toHaveLength(3);
        expect([follower, ...computed].map(placeOf)).toEqual([undefined, undefined, undefined, undefined]);
        const impatient = await stage.another({ HOLD_MS: "1500" });
        const held = await ask(`${impatient.url}/ensemble/${stage.newSteps()}/20/summary`);
        expect([held.status, Number(held.headers["retry-after"]) > 0]).toEqual([202, true]);
        await impatient.close();
        computed[0]?.leave();
        await until(() => placeOf(inLine) === undefined, { what: "its turn comes", ...WAIT });
        expect([follower, inLine, ...computed.slice(1)].map(({ ended }) => ended)).toEqual([false, false, false, false]);
      } finally {
        for (const each of more) each.leave();
      }
    }, 300_000);

    test("who is held in vain is asked back before the pool gives the ensemble up", async () => {
      const impatient = await stage.another({ HOLD_MS: "700" });
      try {
        // Nothing is done any more: what is left takes longer and longer, it seems.
        const held = await until(
          async () => {
            const answer = await ask(`${impatient.url}${path}/data.json?seed=${seed}`, GZIP);
            expect(answer.status).toBe(202);
            return Number(answer.json()["eta"]) > 20 && answer;
          },
          { what: "it seems to take longer than the pool has patience", ...WAIT },
        );
        expect(held.headers["retry-after"]).toBe("20");
        expect(held.json()).toMatchObject({ total: MANY.runs, events: `${path}/events?seed=${seed}` });
      } finally {
        await impatient.close();
      }
    }, 300_000);
  });
}
