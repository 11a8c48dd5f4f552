import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { LRUCache } from "lru-cache";
import { etagOf, type Ready } from "../ready";

const inflate = promisify(gunzip);

/** Larger bodies are unpacked piece by piece while they are sent. A run of 16,384 steps has 4 MB. */
const LARGEST_BYTES = 6 * 1024 * 1024;

/** At most so much is kept unpacked, and at most half as much as is kept packed. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Unpacked bodies of what is in memory, for clients that do not accept gzip. Each is unpacked once for all who ask meanwhile. */
export class Unpacked {
  private readonly kept: LRUCache<string, Buffer> | null;
  private readonly working = new Map<string, Promise<Buffer>>();

  constructor(memoryBytes: number) {
    const most = Math.min(MOST_BYTES, Math.floor(memoryBytes / 2));
    this.kept = most < 1 ? null : new LRUCache({ maxSize: most, sizeCalculation: ({ length }) => Math.max(1, length) });
  }

  /** What is there already. */
  get(ready: Ready): Buffer | undefined {
    return this.kept?.get(etagOf(ready, "identity"));
  }

  fits({ raw }: Ready): boolean {
    return raw <= LARGEST_BYTES;
  }

  unpack(ready: Ready): Promise<Buffer> {
    const kept = this.get(ready);
    if (kept) return Promise.resolve(kept);
    const tag = etagOf(ready, "identity");
    let working = this.working.get(tag);
    if (!working) {
      working = inflate(ready.body, { maxOutputLength: Math.max(1, ready.raw), chunkSize: Math.max(64, ready.raw) })
        .then((body) => {
          this.kept?.set(tag, body);
          return body;
        })
        .finally(() => this.working.delete(tag));
      this.working.set(tag, working);
    }
    return working;
  }
}
