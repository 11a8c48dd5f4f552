import { Player } from "../../services/frontend/page/src/model/player";
import { lineOf } from "../../services/frontend/page/src/model/naming";
import { next, START, type Happening, type Progress, type State } from "../../services/frontend/page/src/model/state";
import { trust, trustedSteps, type Summary, type Verdict } from "../../services/frontend/page/src/model/verdict";
import { lost, Refused, refusal, troubleOf, troubleOfFailure } from "../../services/frontend/page/src/net/problem";

const question = { steps: 500, seed: 0 };
const progress: Progress = { done: 10, total: 500, rate: null, eta: null, k: 0, windows: [] };
const summary = { steps: 500 } as Summary;
const away = lost(true, 2);
const after = (...happenings: Happening[]): State => happenings.reduce(next, START);

describe("the page", () => {
  test("goes from asking over computing to the picture", () => {
    expect(after({ type: "asked", question })).toEqual({ phase: "asking", question });
    expect(after({ type: "asked", question }, { type: "progress", progress }).phase).toBe("computing");
    expect(after({ type: "asked", question }, { type: "ready", summary }).phase).toBe("drawing");
    expect(after({ type: "asked", question }, { type: "ready", summary }, { type: "drawn" })).toEqual({ phase: "shown", question, summary });
  });

  test("keeps the progress while the stream is lost, and goes on where it was", () => {
    const waiting = after({ type: "asked", question }, { type: "progress", progress }, { type: "trouble", trouble: away });
    expect(waiting).toEqual({ phase: "waiting", question, progress, trouble: away });
    expect(next(waiting, { type: "progress", progress }).phase).toBe("computing");
  });

  test("fails only where no retry helps", () => {
    const final = troubleOfFailure({ reason: "Too large", retryable: false }, 2);
    expect(after({ type: "asked", question }, { type: "trouble", trouble: final }).phase).toBe("failed");
  });

  test("leaves a picture alone that is drawn", () => {
    const shown = after({ type: "asked", question }, { type: "ready", summary }, { type: "drawn" });
    expect(next(shown, { type: "progress", progress })).toBe(shown);
    expect(next(shown, { type: "trouble", trouble: away })).toBe(shown);
  });

  test("forgets a run that was left: nothing that comes late brings it back", () => {
    const home = after({ type: "asked", question }, { type: "home" });
    expect(next(home, { type: "progress", progress })).toBe(home);
    expect(next(home, { type: "ready", summary })).toBe(home);
  });
});

describe("a computation that waits in line", () => {
  test.each([
    [1, "Waiting in line for the pool: it is next."],
    [3, "Waiting in line for the pool: 2 before it."],
    [1_024, "Waiting in line for the pool: 1,023 before it."],
  ])("at place %d is told how many are before it", (place, words) => {
    expect(lineOf({ ...progress, place })).toBe(words);
  });

  test("is no longer in line once the pool has begun it", () => {
    expect(lineOf(progress)).toBeNull();
  });
});

describe("trouble", () => {
  test("is told with the server's own detail", async () => {
    const response = new Response(JSON.stringify({ title: "The pool cannot be reached", detail: "Nobody answers at 127.0.0.1:8788" }), {
      status: 503,
      headers: { "content-type": "application/problem+json", "retry-after": "7" },
    });
    const refused = await refusal(response);
    expect(refused).toBeInstanceOf(Refused);
    expect(troubleOf(refused.problem, 2)).toEqual({
      title: "The pool cannot be reached",
      detail: "Nobody answers at 127.0.0.1:8788.",
      retryIn: 7,
    });
  });

  test("that a machine puts in a few words is told as a sentence", () => {
    expect(troubleOfFailure({ reason: "the pool has no workers", retryable: true }, 2).detail).toBe("The pool has no workers.");
  });

  test("of a proxy that answers HTML is told without its HTML", async () => {
    const refused = await refusal(new Response("<html>Bad gateway</html>", { status: 502, headers: { "content-type": "text/html" } }));
    expect(troubleOf(refused.problem, 2).detail).not.toContain("<");
  });

  test.each([400, 404, 507])("with status %i waits for a person", (status) => {
    expect(troubleOf({ status }, 2).retryIn).toBeNull();
  });
});

describe("the clock", () => {
  test("runs at its rate, stops at the end and starts over from there", () => {
    const player = new Player(10);
    player.end = 1;
    player.seek(0);
    player.play();
    player.tick(1000);
    player.tick(1050);
    expect(player.time).toBeCloseTo(0.5);
    player.tick(1150);
    expect([player.time, player.playing]).toEqual([1, false]);
    player.play();
    expect(player.time).toBe(0);
  });

  test("does not jump after a hidden tab", () => {
    const player = new Player(1);
    player.end = 1000;
    player.seek(0);
    player.play();
    player.tick(0);
    player.tick(60_000);
    expect(player.time).toBeLessThanOrEqual(0.1);
  });

  test("moves in strides for who wants little motion, as far in the same time", () => {
    const player = new Player(1);
    player.end = 100;
    player.seek(0);
    player.play();
    const seen = new Set<number>();
    for (let now = 0; now <= 2000; now += 20) {
      player.tick(now, 500);
      seen.add(player.time);
    }
    expect([...seen]).toEqual([0, 0.5, 1, 1.5, 2]);
  });

  test("that stands at the end stays there when the end moves", () => {
    const player = new Player();
    player.end = 5;
    player.end = 7;
    expect(player.time).toBe(7);
    player.seek(3);
    player.end = 9;
    expect(player.time).toBe(3);
  });
});

test("steps are trusted as the verdict says", () => {
  const verdict = { trusted1: 16, trusted5: 470 } as Verdict;
  expect([16, 17, 470, 471].map((step) => trust(verdict, step))).toEqual([0, 1, 1, 2]);
  expect(trustedSteps({ steps: 500, verdict })).toBe(470);
  expect(trustedSteps({ steps: 100, verdict: { ...verdict, trusted5: 100 } })).toBe(100);
  expect(trustedSteps({ steps: 5, verdict: { ...verdict, trusted5: 0 } })).toBe(1);
});
