import { decide, MOST_STREAMS, TURN, type Tab } from "../../services/frontend/page/src/model/turns";

const STEP = 100;

/** Tabs that hear each other a step late, as over a channel, and decide once in ten steps each. */
class Browser {
  now = 0;
  /** Most milliseconds that a tab was without a stream. */
  readonly longestWait = new Map<string, number>();
  #tabs: Tab[] = [];
  #heard: readonly Tab[] = [];

  open(id: string, visible = true): void {
    this.#tabs.push({ id, visible, holding: true, since: this.now });
  }

  get holders(): string[] {
    return this.#tabs.filter(({ holding }) => holding).map(({ id }) => id);
  }

  /** @returns the most tabs that held a stream at a time */
  run(ms: number): number {
    let most = 0;
    for (const end = this.now + ms; this.now < end; this.now += STEP) {
      const step = this.now / STEP;
      const heard = this.#heard;
      this.#heard = [...this.#tabs];
      this.#tabs = this.#tabs.map((me, index) => {
        if (!me.holding) this.longestWait.set(me.id, Math.max(this.longestWait.get(me.id) ?? 0, this.now - me.since));
        if ((step + index) % 10 !== 0) return me;
        const decision = decide(me, heard.filter(({ id }) => id !== me.id), this.now);
        return decision === "stay" ? me : { ...me, holding: decision === "take", since: this.now };
      });
      most = Math.max(most, this.holders.length);
    }
    return most;
  }
}

test.each([1, 2, 3])("%i tabs keep their streams", (count) => {
  const browser = new Browser();
  for (let index = 0; index < count; index++) browser.open(`tab ${index}`);
  browser.run(60_000);
  expect(browser.holders).toHaveLength(count);
  expect(browser.longestWait.size).toBe(0);
});

test.each([
  ["visible", true],
  ["hidden", false],
])("any number of %s tabs hold three streams together, and each has its turn long before an ensemble is given up", (_, visible) => {
  for (const count of [4, 7, 12, 20]) {
    const browser = new Browser();
    for (let index = 0; index < count; index++) browser.open(`tab ${index}`, visible);
    browser.run(3_000);
    // One more for a moment, where two tabs take the same free place before they hear of each other.
    expect(browser.run(120_000)).toBeLessThanOrEqual(MOST_STREAMS + 1);
    expect(browser.longestWait.size).toBe(count);
    expect(Math.max(...browser.longestWait.values())).toBeLessThan(25_000);
  }
});

test("one visible tab keeps its stream while hidden ones take turns at the others", () => {
  const browser = new Browser();
  for (let index = 0; index < 6; index++) browser.open(`hidden ${index}`, false);
  browser.run(10_000);
  browser.open("visible");
  browser.run(60_000);
  expect(browser.longestWait.get("visible")).toBeUndefined();
  expect(browser.longestWait.size).toBe(6);
});

test("a tab with a new question keeps its stream for a whole turn, and one of the others gives way", () => {
  const browser = new Browser();
  for (let index = 0; index < 7; index++) browser.open(`tab ${index}`);
  browser.run(20_000);
  browser.open("new");
  browser.run(TURN - STEP);
  expect(browser.holders).toContain("new");
  expect(browser.holders.length).toBeLessThanOrEqual(MOST_STREAMS + 1);
});
