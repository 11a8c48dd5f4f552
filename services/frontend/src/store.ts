import { afterListening } from "./deadline";
import type { Computation, Detail } from "./kinds/kind";
import { readManifest, sha256, sizeOf, tagOf, type Manifest } from "./manifest";
import { memoryKey, type Memory } from "./memory";
import { isAway } from "./problem";
import { isBody, PRODUCT, type BodyName, type ChunkKind, type Product } from "./products";
import { makeReady, type Form, type Ready } from "./ready";
import { readChunks, readFields, type Connections } from "./redis";

/** A body too large for memory: its first chunk was there and valid; chunks are read while it is sent. */
export interface Streamed extends Form {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly manifest: Manifest;
  readonly kind: ChunkKind;
}

export type Found = Ready | Streamed;

export function isStreamed(found: Found): found is Streamed {
  return "manifest" in found;
}

/**
 * How long Redis is waited for where memory holds the answer as well: what is in memory is served while Redis is slow. Redis
 * usually answers within a millisecond.
 */
const HELD_MS = 200;

/** How many results are remembered as damaged. */
const SUSPECTS = 1_000;

/** Results as they are in Redis, verified; what is small is kept in memory. */
export class ResultStore {
  private readonly loading = new Map<string, Promise<Found | null>>();
  private readonly suspects = new Set<string>();

  constructor(
    private readonly redis: Connections,
    readonly memory: Memory,
  ) {}

  /**
   * A product of a computation, or null where Redis has nothing valid. Everyone who asks at the same time shares one reading.
   * With Redis away it is what memory holds: whoever the door does not answer (events, other encodings) gets it all the same.
   *
   * @throws Problem 503 where Redis is away, and memory does not hold it
   */
  load(computation: Computation, product: Product): Promise<Found | null> {
    return this.share(memoryKey(computation.key, product, null), () => this.read(computation, product));
  }

  /** A part of an overview in detail, or null where Redis has not all that it takes. @throws Problem 503 */
  loadDetail({ key }: Computation, detail: Detail): Promise<Found | null> {
    return this.share(memoryKey(key, "overview", detail), async () => {
      const made = await detail.make(this);
      return made && this.keep(made);
    });
  }

  /** The manifest of a computation, or null where there is no valid one. @throws Problem 503 */
  async manifest(computation: Computation): Promise<Manifest | null> {
    const [bytes] = await readFields(this.redis.lookup, computation.key, ["manifest"]);
    const manifest = bytes ? readManifest(bytes, computation) : null;
    if (!manifest || !this.suspects.has(computation.key)) return manifest;
    if (!(await this.isSound(computation, manifest))) return null;
    this.suspects.delete(computation.key);
    return manifest;
  }

  /** Chunk `index` of a result, verified; null: missing or damaged. @throws Problem 503 */
  async chunk(computation: Computation, manifest: Manifest, kind: ChunkKind, index: number): Promise<Buffer | null> {
    const digest = manifest.segments[index]?.[kind]?.sha256;
    const read = (): Promise<Buffer | null> => this.readChunk(computation, digest, kind, index);
    return digest === undefined ? read() : this.memory.chunks.get(digest, read);
  }

  private async readChunk({ key }: Computation, digest: string | undefined, kind: ChunkKind, index: number): Promise<Buffer | null> {
    const [bytes] = await readChunks(this.redis, key, [`${kind}/${index}`]);
    return bytes && sha256(bytes) === digest ? bytes : null;
  }

  /**
   * A result turned out damaged while it was being sent. The next who asks does not get it before all of it has been
   * verified: the pool may still remember, for two seconds, that it finished it.
   */
  suspect({ key }: Computation): void {
    if (this.suspects.size >= SUSPECTS) this.suspects.clear();
    this.suspects.add(key);
  }

  private async isSound(computation: Computation, manifest: Manifest): Promise<boolean> {
    for (let index = 0; index < manifest.segments.length; index++) {
      for (const kind of computation.kind.chunks) {
        if (!(await this.readChunk(computation, manifest.segments[index]?.[kind]?.sha256, kind, index))) return false;
      }
    }
    return true;
  }

  private share(name: string, read: () => Promise<Found | null>): Promise<Found | null> {
    let loading = this.loading.get(name);
    if (!loading) {
      loading = read()
        .catch((error: unknown) => this.held(name, error))
        .finally(() => this.loading.delete(name));
      this.loading.set(name, loading);
    }
    const ready = this.memory.get(name);
    return ready ? orSoon(loading, ready) : loading;
  }

  /** What is in memory was verified; only Redis knows whether the other products are still there, so it is asked first. */
  private held(name: string, error: unknown): Ready {
    const ready = isAway(error) ? this.memory.get(name) : undefined;
    if (!ready) throw error;
    return ready;
  }

  private async read(computation: Computation, product: Product): Promise<Found | null> {
    const manifest = await this.manifest(computation);
    if (!manifest) return null;
    const form: Form = { product, computation, detail: null, tag: tagOf(manifest, product), ...sizeOf(manifest, product) };
    if (!isBody(product)) return this.field(form, manifest);
    if (form.bytes > this.memory.largest) return this.streamed(form, manifest, product);
    return this.body(form, manifest, product);
  }

  private async field(form: Form, manifest: Manifest): Promise<Ready | null> {
    const name = form.product === "overview" ? "overview" : "summary";
    const [bytes] = await readFields(this.redis.lookup, form.computation.key, [name]);
    if (!bytes || sha256(bytes) !== manifest[name].sha256) return null;
    return this.keep(makeReady(form, bytes));
  }

  private async body(form: Form, manifest: Manifest, product: BodyName): Promise<Ready | null> {
    const kind = PRODUCT[product].chunks as ChunkKind;
    const fields = manifest.segments.map((_, index) => `${kind}/${index}`);
    const chunks = await readChunks(this.redis, form.computation.key, fields);
    const valid = chunks.every((bytes, index) => bytes && sha256(bytes) === manifest.segments[index]?.[kind]?.sha256);
    if (!valid) return null;
    const { head, tail } = manifest.bodies[product];
    const parts = [Buffer.from(head, "base64"), ...(chunks as Buffer[]), Buffer.from(tail, "base64")];
    return this.keep(makeReady(form, Buffer.concat(parts)));
  }

  private async streamed(form: Form, manifest: Manifest, product: BodyName): Promise<Streamed | null> {
    const kind = PRODUCT[product].chunks as ChunkKind;
    // So most damage is a miss. The chunk itself is read again when its turn comes: what waits in line holds nothing.
    if (!(await this.chunk(form.computation, manifest, kind, 0))) return null;
    const { head, tail } = manifest.bodies[product];
    return { ...form, manifest, kind, head: Buffer.from(head, "base64"), tail: Buffer.from(tail, "base64") };
  }

  private keep(ready: Ready): Ready {
    this.memory.set(memoryKey(ready.computation.key, ready.product, ready.detail), ready);
    return ready;
  }
}

/** What is being read; where that takes long, what memory holds. */
function orSoon(loading: Promise<Found | null>, ready: Ready): Promise<Found | null> {
  return new Promise((resolve, reject) => {
    const cancel = afterListening(HELD_MS, () => resolve(ready));
    loading.then(resolve, reject).finally(cancel);
  });
}
