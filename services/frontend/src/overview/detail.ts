import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { SEGMENT_STEPS } from "../contract";
import type { Run, StepRange } from "../kinds/propagation";
import type { Manifest } from "../manifest";
import { makeReady, type Ready } from "../ready";
import type { ResultStore } from "../store";
import { overviewBytes } from "./header";
import { STORED_LEVELS, windowsOf, type Windows } from "./levels";
import { readRecords, windowsFrom } from "./records";
import { emit, merge, parse, ROW_BYTES } from "./rows";

const unpack = promisify(gunzip);
const pack = promisify(gzip);

/** Rows of the planet and the satellite before the first step. */
const INITIAL_ROWS = 2;

/**
 * The overview of a range of steps, made from the stored segments; null where one of them is missing or damaged.
 *
 * @throws Problem 503 where Redis is away
 */
export async function overviewDetail(store: ResultStore, range: StepRange): Promise<Ready | null> {
  const { run } = range;
  const manifest = await store.manifest(run);
  if (!manifest) return null;
  const windows = windowsOf(range, run.steps);
  const rows = await rowsOf(store, run, manifest, windows);
  if (!rows) return null;
  const raw = overviewBytes(run, windows, rows);
  const body = await pack(raw);
  const tag = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return makeReady({ product: "overview", computation: run, detail: range, tag, bytes: body.length, raw: raw.length }, body);
}

async function rowsOf(store: ResultStore, run: Run, manifest: Manifest, windows: Windows): Promise<Buffer | null> {
  // Above the greatest stored level, rows of it are merged: they have to begin and end with the windows.
  const level = Math.min(windows.level, STORED_LEVELS.greatest);
  const size = 2 ** level;
  const first = windows.from / size;
  const end = Math.ceil(windows.to / size);
  const parts: Buffer[] = [];
  const perSegment = SEGMENT_STEPS / size;
  for (let index = Math.floor(first / perSegment); index * perSegment < end; index++) {
    const rows = await segmentRows(store, run, manifest, index, level);
    if (!rows) return null;
    const begin = index * perSegment;
    parts.push(rows.subarray(Math.max(0, first - begin) * ROW_BYTES, Math.min(perSegment, end - begin) * ROW_BYTES));
  }
  let rows: Buffer = Buffer.concat(parts);
  for (let merged = level; merged < windows.level; merged++) rows = emit(merge(parse(rows)));
  return rows;
}

/** All rows of a segment at a level. */
async function segmentRows(store: ResultStore, run: Run, manifest: Manifest, index: number, level: number): Promise<Buffer | null> {
  const steps = Math.min(SEGMENT_STEPS, run.steps - index * SEGMENT_STEPS);
  if (level < STORED_LEVELS.least) {
    const chunk = await store.chunk(run, manifest, "arrow", index);
    if (!chunk) return null;
    const records = await readRecords(Buffer.from(manifest.bodies["data.arrow"].head, "base64"), chunk);
    return emit(windowsFrom(records, index === 0 ? INITIAL_ROWS : 0, steps, level));
  }
  const chunk = await store.chunk(run, manifest, "windows", index);
  if (!chunk) return null;
  const stored = await unpack(chunk);
  let offset = 0;
  for (let k: number = STORED_LEVELS.least; k < level; k++) offset += Math.ceil(steps / 2 ** k) * ROW_BYTES;
  return stored.subarray(offset, offset + Math.ceil(steps / 2 ** level) * ROW_BYTES);
}
