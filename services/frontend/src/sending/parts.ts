import { promisify } from "node:util";
import { constants, createGunzip, createInflateRaw, gunzip, inflateRaw, type Gunzip, type InflateRaw } from "node:zlib";
import { storedEncoding, type Encoding } from "../ready";
import { isStreamed, type Found, type Streamed } from "../store";

/** A part of a body that can be read without the parts before it. */
export interface Part {
  /** As sent, in bytes. */
  readonly length: number;
  /** Its bytes in small pieces, which keep nothing larger alive. */
  read(): AsyncIterable<Buffer>;
}

/** A client that does not read holds one piece of a large body, beside what the kernel buffers for it. */
const PIECE_BYTES = 64 * 1024;

/** Head, chunks and tail end with a full flush, not with a final block. */
const OPEN_END = { finishFlush: constants.Z_SYNC_FLUSH };

const unpackHead = promisify(gunzip);
const unpackTail = promisify(inflateRaw);

/** @param chunk reads a chunk of a body that memory does not hold, verified. @throws Error where it cannot */
export async function partsOf(found: Found, encoding: Encoding, chunk: (index: number) => Promise<Buffer>): Promise<Part[]> {
  const packed = encoding === storedEncoding(found.product);
  if (!isStreamed(found)) {
    return [{ length: packed ? found.bytes : found.raw, read: () => (packed ? cut(found.body) : unpacked(createGunzip(PIECES), found.body)) }];
  }
  const { head, tail } = packed ? found : await unpackedEnds(found);
  const chunks = found.manifest.segments.map((segment, index): Part => {
    const { bytes, raw } = segment[found.kind];
    return {
      length: packed ? bytes : raw,
      async *read() {
        const stored = await chunk(index);
        yield* packed ? cut(stored) : unpacked(createInflateRaw({ ...PIECES, ...OPEN_END }), stored);
      },
    };
  });
  return [end(head), ...chunks, end(tail)];
}

const PIECES = { chunkSize: PIECE_BYTES };

/** What stands before and after the chunks, unpacked: some hundred bytes. */
async function unpackedEnds({ head, tail }: Streamed): Promise<{ head: Buffer; tail: Buffer }> {
  return { head: await unpackHead(head, OPEN_END), tail: await unpackTail(tail) };
}

function end(bytes: Buffer): Part {
  return { length: bytes.length, read: () => cut(bytes) };
}

/** Copies, so that one piece does not keep the whole alive. */
async function* cut(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield Buffer.from(bytes.subarray(from, from + PIECE_BYTES));
}

function unpacked(stream: Gunzip | InflateRaw, bytes: Buffer): AsyncIterable<Buffer> {
  stream.end(bytes);
  return stream as AsyncIterable<Buffer>;
}
