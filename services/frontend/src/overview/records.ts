import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { tableFromIPC } from "apache-arrow";
import { energyError } from "./model";
import { ERROR, FIELDS, FIRST, LAST, PLANET_FIRST, PLANET_LAST, T, emptyWindows, place, widen } from "./rows";

const unpack = promisify(gunzip);

/** `ARROW1` and two bytes of padding. A reader that finds them expects a footer, which comes after the last chunk only. */
const MAGIC_BYTES = 8;

const PLANET = 0;
const COLUMNS = ["to", "x", "y", "vx", "vy"] as const;

/** The records of a segment, as columns. */
export type Records = Readonly<Record<(typeof COLUMNS)[number], Float64Array>> & { readonly agent: Int8Array };

/** Reads a segment's record batch; `head` is the body's, with the schema. */
export async function readRecords(head: Buffer, chunk: Buffer): Promise<Records> {
  // Head and chunk end with a full flush, so together they unpack to an IPC file without its footer: after the magic, a stream.
  const file = await unpack(Buffer.concat([head, chunk]), { finishFlush: constants.Z_SYNC_FLUSH });
  const table = tableFromIPC(file.subarray(MAGIC_BYTES));
  const column = (name: string): ArrayLike<number> => table.getChild(name)?.data.at(-1)?.values as ArrayLike<number>;
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, column(name)])) as Record<string, Float64Array>;
  return { ...columns, agent: column("agent") } as Records;
}

/** Windows of 2^level steps of a segment's records, from its first step on. `first`: rows before the first step. */
export function windowsFrom({ agent, to, x, y, vx, vy }: Records, first: number, steps: number, level: number): Float64Array {
  const windows = emptyWindows(Math.ceil(steps / 2 ** level));
  let step = -1;
  for (let row = first; row < agent.length; row++) {
    // A step leaves a record of the planet, then one of the satellite, or one of the two.
    if (agent[row] === PLANET || row === first || agent[row - 1] !== PLANET) step += 1;
    const base = (step >> level) * FIELDS;
    const time = to[row] as number;
    const atX = x[row] as number;
    if (!((windows[base + T] as number) <= time)) windows[base + T] = time;
    if (agent[row] === PLANET) {
      if (Number.isNaN(windows[base + PLANET_FIRST])) windows.set([time, atX], base + PLANET_FIRST);
      windows.set([time, atX], base + PLANET_LAST);
      continue;
    }
    const atY = y[row] as number;
    const error = energyError(time, atX, atY, vx[row] as number, vy[row] as number);
    if (!((windows[base + ERROR] as number) <= error)) windows[base + ERROR] = error;
    if (!((windows[base + ERROR + 1] as number) >= error)) windows[base + ERROR + 1] = error;
    if (Number.isNaN(windows[base + FIRST])) place(windows, base + FIRST, time, atX, atY);
    place(windows, base + LAST, time, atX, atY);
    widen(windows, base, time, atX, atY);
  }
  return windows;
}
