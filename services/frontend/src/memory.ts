import { LRUCache } from "lru-cache";
import type { Detail } from "./kinds/kind";
import { detached, type Ready } from "./ready";

/** What an entry weighs beside its bytes: headers, strings, the map's own. */
const ENTRY_BYTES = 2048;

/** No single body may push out more than this part of the memory. */
const LARGEST_PART = 8;

/** A body that takes longer to read from Redis than a frame is better streamed. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** For chunks of large bodies there is a quarter as much, and not more than this: who sends the same body at the same time shares them. */
const CHUNKS_PART = 4;
const MOST_CHUNK_BYTES = 16 * 1024 * 1024;

/** Ready answers of this process, the least recently used leaving first; bounded in bytes. */
export class Memory {
  private readonly entries: LRUCache<string, Ready> | null;
  /** The greatest body that is held, in bytes; greater ones are streamed. */
  readonly largest: number;
  readonly chunks: Chunks;

  constructor(maxBytes: number) {
    this.chunks = new Chunks(Math.min(MOST_CHUNK_BYTES, Math.floor(maxBytes / CHUNKS_PART)));
    this.largest = Math.min(LARGEST_BYTES, Math.floor(maxBytes / LARGEST_PART));
    this.entries =
      maxBytes < ENTRY_BYTES
        ? null
        : new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ body }) => body.length + ENTRY_BYTES });
  }

  get(key: string): Ready | undefined {
    return this.entries?.get(key);
  }

  set(key: string, ready: Ready): void {
    if (ready.body.length <= this.largest) this.entries?.set(key, ready);
  }

  get bytes(): number {
    return this.entries?.calculatedSize ?? 0;
  }

  get count(): number {
    return this.entries?.size ?? 0;
  }
}

/** Where an answer is held; a detail of the overview is an answer of its own. */
export function memoryKey(key: string, product: string, detail: Detail | null): string {
  return detail === null ? `${product} ${key}` : `${product} ${key} ${detail.from}-${detail.to}`;
}

/** Chunks by their digests, the least recently used leaving first. One that is being read is read once. */
export class Chunks {
  private readonly kept: LRUCache<string, Buffer> | null;
  private readonly reading = new Map<string, Promise<Buffer | null>>();

  constructor(maxBytes: number) {
    this.kept = maxBytes < 1 ? null : new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ length }) => Math.max(1, length) });
  }

  get(digest: string, read: () => Promise<Buffer | null>): Promise<Buffer | null> {
    const kept = this.kept?.get(digest);
    if (kept) return Promise.resolve(kept);
    let reading = this.reading.get(digest);
    if (!reading) {
      reading = read()
        .then((chunk) => {
          if (chunk) this.kept?.set(digest, detached(chunk));
          return chunk;
        })
        .finally(() => this.reading.delete(digest));
      this.reading.set(digest, reading);
    }
    return reading;
  }
}
