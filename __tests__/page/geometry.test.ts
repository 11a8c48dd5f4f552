import { eccentricAnomaly, EXACT, orbit } from "../../services/frontend/page/src/model/kepler";
import { outline, outlineAt } from "../../services/frontend/page/src/model/outline";
import { multiples, symlog, tickLabel, ticks } from "../../services/frontend/page/src/model/scale";
import { Viewport } from "../../services/frontend/page/src/model/viewport";

describe("the exact orbit", () => {
  test("starts where the satellite starts and comes back after a period", () => {
    expect(EXACT.at(0).x).toBeCloseTo(0, 12);
    expect(EXACT.at(0).y).toBeCloseTo(0.9, 12);
    expect(EXACT.at(EXACT.period * 1000).y).toBeCloseTo(0.9, 9);
  });

  test("keeps energy and angular momentum", () => {
    const h = 1e-5;
    for (let t = 0; t < 10; t += 0.37) {
      const [a, b, c] = [EXACT.at(t - h), EXACT.at(t), EXACT.at(t + h)];
      const v = { x: (c.x - a.x) / (2 * h), y: (c.y - a.y) / (2 * h) };
      expect((v.x ** 2 + v.y ** 2) / 2 - 1 / Math.hypot(b.x, b.y)).toBeCloseTo(0.405 - 1 / 0.9, 7);
      expect(b.x * v.y - b.y * v.x).toBeCloseTo(-0.81, 7);
    }
  });

  test("lies on its own ellipse, whichever way it goes around", () => {
    for (const [x, y, vx, vy] of [[0, 0.9, 0.9, 0], [1, 0, 0, 1.1], [1, 0, 0, -1.1], [-0.3, 0.7, 0.5, 0.8]] as const) {
      const exact = orbit(x, y, vx, vy);
      expect(Math.hypot(exact.at(0).x - x, exact.at(0).y - y)).toBeLessThan(1e-12);
      const later = exact.at(1e-6);
      expect((later.x - x) * vx + (later.y - y) * vy).toBeGreaterThan(0);
    }
  });

  test("solves Kepler's equation for every eccentricity below 1", () => {
    for (const e of [0, 0.27, 0.9, 0.999]) {
      for (let M = -20; M < 20; M += 0.173) {
        const E = eccentricAnomaly(M, e);
        expect(E - e * Math.sin(E)).toBeCloseTo(M, 10);
      }
    }
  });

  test("refuses what is no ellipse", () => {
    expect(() => orbit(1, 0, 0, 2)).toThrow(RangeError);
  });
});

describe("the viewport", () => {
  const size = { width: 800, height: 400 };
  const none = { left: 0, right: 0, top: 0, bottom: 0 };

  test("fits a box with equal axes, between its insets", () => {
    const fitted = Viewport.fit({ left: -1, right: 1, bottom: -1, top: 1 }, size, { left: 50, right: 10, top: 40, bottom: 20 });
    expect(fitted.y(1)).toBeCloseTo(40);
    expect(fitted.y(-1)).toBeCloseTo(380);
    expect(fitted.x(1) - fitted.x(-1)).toBeCloseTo(fitted.y(-1) - fitted.y(1));
    expect((fitted.x(1) + fitted.x(-1)) / 2).toBeCloseTo((50 + 790) / 2);
  });

  test("keeps under the pointer what is under the pointer, zooming and panning", () => {
    const viewport = Viewport.fit({ left: 0, right: 10, bottom: 0, top: 5 }, size, none);
    const fixed = viewport.at(123, 77);
    const zoomed = viewport.zoom(3.7, 123, 77);
    expect(zoomed.x(fixed.x)).toBeCloseTo(123);
    expect(zoomed.y(fixed.y)).toBeCloseTo(77);
    expect(zoomed.pan(20, -9).x(fixed.x)).toBeCloseTo(143);
    expect(zoomed.pan(20, -9).y(fixed.y)).toBeCloseTo(68);
  });

  test("stops zooming where numbers end, and stays where it is", () => {
    let viewport = Viewport.fit({ left: 0, right: 1, bottom: 0, top: 1 }, size, none);
    for (let i = 0; i < 200; i += 1) viewport = viewport.zoom(2);
    const { x, width } = viewport.window;
    expect(width).toBeGreaterThan(0);
    expect(viewport.zoom(2).window.x).toBe(x);
  });
});

describe("scales", () => {
  test("ticks are round and lie inside", () => {
    expect(ticks(0, 470, 5)).toEqual([0, 100, 200, 300, 400]);
    expect(ticks(-0.03, 0.07, 5)).toEqual([-0.02, 0, 0.02, 0.04, 0.06]);
    expect(ticks(5, 5, 4)).toEqual([5]);
  });

  test("ticks end where numbers do", () => {
    expect(ticks(1e17, 1e17 + 64, 5).length).toBeLessThan(20);
    expect(ticks(10 - 2e-15, 10 + 2e-15, 14).length).toBeLessThan(20);
    expect(multiples(1e-15, 10, 10.001)).toEqual([]);
    expect(multiples(0, 1, 2)).toEqual([]);
  });

  test("labels have the digits of their distance", () => {
    expect([-0.5, 0, 0.5].map((value, _, all) => tickLabel(value, all))).toEqual(["−0.5", "0.0", "0.5"]);
    expect([0, 200_000].map((value, _, all) => tickLabel(value, all))).toEqual(["0", "200,000"]);
  });

  test("symlog is odd, grows, and is linear near zero", () => {
    const { to } = symlog(0.01);
    expect(to(-3)).toBe(-to(3));
    expect(to(0.0002)).toBeCloseTo(2 * to(0.0001), 5);
    expect(to(1)).toBeGreaterThan(to(0.05));
  });
});

describe("outlines", () => {
  const revolutions = (count: number) =>
    Array.from({ length: 8 }, (_, i) => {
      const t = (EXACT.period * count * i) / 7.3;
      return { t, ...EXACT.at(t) };
    });

  test("half a revolution is a path, ten are an outline around it", () => {
    expect(outline(revolutions(0.5), 0)).toBeNull();
    const extremes = [[0, -0.69], [1, 0.69]].map(([i, x]) => ({ t: (i ?? 0) * 37, x: x ?? 0, y: 0.19 }));
    const found = outline([...extremes, { t: 10, x: 0, y: 0.9 }, { t: 20, x: 0, y: -0.516 }].sort((a, b) => a.t - b.t), 0);
    expect(found).not.toBeNull();
    expect(found && outlineAt(found, Math.PI / 2)).toEqual({ x: expect.closeTo(0, 6) as number, y: expect.closeTo(0.9, 6) as number });
  });

  test("a satellite that lingers far away draws a path, however small the box", () => {
    const far = Array.from({ length: 6 }, (_, i) => ({ t: i, x: -4 - 0.01 * i, y: 0.2 * i }));
    expect(outline(far, -0.8)).toBeNull();
    expect(outline(far, -1.2)).toBeNull();
  });
});
