/** The planet's true motion is (PLANET_VX·t, PLANET_Y): what frames and energies refer to. */
export const PLANET_VX = 0.1;
export const PLANET_Y = 0.1;

/** Energy of the satellite at the start, in the planet's frame: speed 0.9, distance 0.9. */
const INITIAL_ENERGY = 0.405 - 1 / 0.9;

/** E/E0 − 1 of a satellite's record. Each operation in the order of the Python kernel: the bits have to be the same. */
export function energyError(to: number, x: number, y: number, vx: number, vy: number): number {
  const ex = x - PLANET_VX * to;
  const ey = y - PLANET_Y;
  const wx = vx - PLANET_VX;
  const r2 = ex * ex + ey * ey;
  return (0.5 * (wx * wx + vy * vy) - 1 / Math.sqrt(r2)) / INITIAL_ENERGY - 1;
}
