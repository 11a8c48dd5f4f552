import { setTimeout as sleep } from "node:timers/promises";
import { clientOf } from "../../../services/frontend/src/sending/client";
import { Line, type Turn } from "../../../services/frontend/src/sending/line";
import { until } from "../../support";

const forever = new AbortController().signal;

/** Waits for turns for these addresses; notes in which order they get one, and holds them. */
function queue(line: Line, clients: readonly string[]): { order: string[]; turns: Turn[] } {
  const seen = { order: [] as string[], turns: [] as Turn[] };
  for (const client of clients) {
    void line.take(client, forever).then((turn) => {
      seen.order.push(client);
      seen.turns.push(turn);
    });
  }
  return seen;
}

test("the next turn goes to the address that has the fewest, and among equals to the one that has waited longest", async () => {
  const line = new Line(3);
  const held = await Promise.all(["a", "a", "a"].map((client) => line.take(client, forever)));
  const { order } = queue(line, ["a", "a", "b", "b", "c"]);
  for (const turn of held) turn.leave();
  await sleep(0);
  expect(order).toEqual(["b", "c", "a"]);
});

test("an address that is alone takes all turns", async () => {
  const line = new Line(3);
  const { order } = queue(line, ["a", "a", "a", "a"]);
  await sleep(0);
  expect([order.length, line.waiting]).toEqual([3, 1]);
});

test("a turn whose client does not read is over when somebody waits, and only then", async () => {
  const line = new Line(2);
  const [blocked, reading] = (await Promise.all([line.take("a", forever), line.take("a", forever)])) as [Turn, Turn];
  blocked.blockedSince = performance.now() - 1_000;
  await sleep(300);
  expect(blocked.over).toBe(false);
  const { turns } = queue(line, ["b"]);
  await blocked.ended;
  expect(reading.over).toBe(false);
  blocked.leave();
  await until(() => turns.length === 1, { what: "the one that waits has the turn" });
});

test("a turn is over after a while also where its client reads, so that everybody gets on", async () => {
  const line = new Line(1);
  const turn = await line.take("a", forever);
  queue(line, ["b"]);
  await turn.ended;
  expect(turn.over).toBe(true);
});

test("a client that leaves while it waits leaves the line, and is not given a turn", async () => {
  const line = new Line(1);
  const turn = await line.take("a", forever);
  const controller = new AbortController();
  const waiting = line.take("b", controller.signal);
  const { order } = queue(line, ["c"]);
  controller.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  expect(line.waiting).toBe(1);
  turn.leave();
  await sleep(0);
  expect([order, line.taken, line.waiting]).toEqual([["c"], 1, 0]);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::9", "2001:db8:1:2"],
  ["2001:db8::9", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  [undefined, ""],
])("the address %s counts as %s", (address, client) => {
  expect(clientOf(address)).toBe(client);
});
