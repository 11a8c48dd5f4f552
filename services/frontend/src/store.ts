import type { Redis } from "ioredis";
import { readManifest, sha256, sizeOf, tagOf, type Manifest } from "./manifest";
import { memoryKey, type Memory } from "./memory";
import { overviewDetail } from "./overview/detail";
import { CHUNK_KINDS, isBody, PRODUCT, type BodyName, type ChunkKind, type Product } from "./products";
import { makeReady, type Form, type Ready } from "./ready";
import { readFields, type Connections } from "./redis";
import type { Run } from "./run";
import type { StepRange } from "./target";

/** A body too large for memory: its first chunk is verified, the others follow while it is sent. */
export interface Streamed extends Form {
  readonly head: Buffer;
  readonly first: Buffer;
  readonly tail: Buffer;
  readonly manifest: Manifest;
  readonly kind: ChunkKind;
}

export type Found = Ready | Streamed;

export function isStreamed(found: Found): found is Streamed {
  return "first" in found;
}

/** How many runs are remembered as damaged. */
const SUSPECTS = 1_000;

/** Results as they are in Redis, verified; what is small is kept in memory. */
export class ResultStore {
  private readonly loading = new Map<string, Promise<Found | null>>();
  private readonly suspects = new Set<string>();
  private readonly lookup: Redis;
  private readonly chunks: Redis;

  constructor(
    { lookup, chunks }: Connections,
    readonly memory: Memory,
  ) {
    this.lookup = lookup;
    this.chunks = chunks;
  }

  /**
   * A product of a run, or null where Redis has nothing valid. Everyone who asks at the same time shares one reading.
   *
   * @throws Problem 503 where Redis is away
   */
  load(run: Run, product: Product): Promise<Found | null> {
    return this.share(memoryKey(run.key, product, null), () => this.read(run, product));
  }

  /** The overview of a range of steps, or null where Redis has not all that it takes. @throws Problem 503 */
  loadDetail(run: Run, range: StepRange): Promise<Found | null> {
    return this.share(memoryKey(run.key, "overview", range), async () => {
      const detail = await overviewDetail(this, run, range);
      return detail && this.keep(detail);
    });
  }

  /** The manifest of a run, or null where there is no valid one. @throws Problem 503 */
  async manifest(run: Run): Promise<Manifest | null> {
    const [bytes] = await readFields(this.lookup, run.key, ["manifest"]);
    const manifest = bytes ? readManifest(bytes, run) : null;
    if (!manifest || !this.suspects.has(run.key)) return manifest;
    if (!(await this.isSound(run, manifest))) return null;
    this.suspects.delete(run.key);
    return manifest;
  }

  /** Chunk `index` of a result, verified; null: missing or damaged. @throws Problem 503 */
  async chunk(run: Run, manifest: Manifest, kind: ChunkKind, index: number): Promise<Buffer | null> {
    const [bytes] = await readFields(this.chunks, run.key, [`${kind}/${index}`]);
    return bytes && sha256(bytes) === manifest.segments[index]?.[kind].sha256 ? bytes : null;
  }

  /**
   * A result turned out damaged while it was being sent. The next who asks does not get it before all of it has been
   * verified: the pool may still remember, for two seconds, that it finished it.
   */
  suspect(run: Run): void {
    if (this.suspects.size >= SUSPECTS) this.suspects.clear();
    this.suspects.add(run.key);
  }

  private async isSound(run: Run, manifest: Manifest): Promise<boolean> {
    for (let index = 0; index < manifest.segments.length; index++) {
      for (const kind of CHUNK_KINDS) {
        if (!(await this.chunk(run, manifest, kind, index))) return false;
      }
    }
    return true;
  }

  private share(name: string, read: () => Promise<Found | null>): Promise<Found | null> {
    let loading = this.loading.get(name);
    if (!loading) {
      loading = read().finally(() => this.loading.delete(name));
      this.loading.set(name, loading);
    }
    return loading;
  }

  private async read(run: Run, product: Product): Promise<Found | null> {
    const manifest = await this.manifest(run);
    if (!manifest) return null;
    const form: Form = { product, run, range: null, tag: tagOf(manifest, product), ...sizeOf(manifest, product) };
    if (!isBody(product)) return this.field(form, manifest);
    if (form.bytes > this.memory.largest) return this.streamed(form, manifest, product);
    return this.body(form, manifest, product);
  }

  private async field(form: Form, manifest: Manifest): Promise<Ready | null> {
    const name = form.product === "overview" ? "overview" : "summary";
    const [bytes] = await readFields(this.lookup, form.run.key, [name]);
    if (!bytes || sha256(bytes) !== manifest[name].sha256) return null;
    return this.keep(makeReady(form, bytes));
  }

  private async body(form: Form, manifest: Manifest, product: BodyName): Promise<Ready | null> {
    const kind = PRODUCT[product].chunks as ChunkKind;
    const fields = manifest.segments.map((_, index) => `${kind}/${index}`);
    const chunks = await readFields(this.chunks, form.run.key, fields);
    const valid = chunks.every((bytes, index) => bytes && sha256(bytes) === manifest.segments[index]?.[kind].sha256);
    if (!valid) return null;
    const { head, tail } = manifest.bodies[product];
    const parts = [Buffer.from(head, "base64"), ...(chunks as Buffer[]), Buffer.from(tail, "base64")];
    return this.keep(makeReady(form, Buffer.concat(parts)));
  }

  private async streamed(form: Form, manifest: Manifest, product: BodyName): Promise<Streamed | null> {
    const kind = PRODUCT[product].chunks as ChunkKind;
    const first = await this.chunk(form.run, manifest, kind, 0);
    if (!first) return null;
    const { head, tail } = manifest.bodies[product];
    return { ...form, manifest, kind, first, head: Buffer.from(head, "base64"), tail: Buffer.from(tail, "base64") };
  }

  private keep(ready: Ready): Ready {
    this.memory.set(memoryKey(ready.run.key, ready.product, ready.range), ready);
    return ready;
  }
}
