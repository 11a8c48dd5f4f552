import { ENGINE } from "../contract";
import type { Run } from "../kinds/propagation";
import type { Windows } from "./levels";
import { PLANET_VX, PLANET_Y } from "./model";
import { ROW_BYTES } from "./rows";

const HEADER_BYTES = 80;
const VERSION = 1;

/** The header of an overview, before its rows; docs/formats.md has the table. */
export function overviewBytes(run: Run, { level, from, to }: Windows, rows: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("porta/ov", 0, "latin1");
  [VERSION, HEADER_BYTES, ROW_BYTES, level].forEach((value, index) => header.writeUInt16LE(value, 8 + 2 * index));
  header.writeUInt32LE(ENGINE, 16);
  header.writeUInt32LE(run.steps, 20);
  header.writeDoubleLE(run.seed, 24);
  [from, to, rows.length / ROW_BYTES, 0].forEach((value, index) => header.writeUInt32LE(value, 32 + 4 * index));
  // The satellite starts at (0, 1), the planet at (0, 0.1).
  [PLANET_VX, PLANET_Y, 0, 1 - PLANET_Y].forEach((value, index) => header.writeDoubleLE(value, 48 + 8 * index));
  return Buffer.concat([header, rows]);
}
