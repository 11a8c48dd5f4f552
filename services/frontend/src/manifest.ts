import { createHash } from "node:crypto";
import { ENGINE } from "./contract";
import type { Computation } from "./kinds/kind";
import type { BodyName, ChunkKind, Product } from "./products";
import { isBody } from "./products";

/** A stored piece: its length as stored, unpacked, and its SHA-256. */
export interface ChunkMeta {
  readonly bytes: number;
  readonly raw: number;
  readonly sha256: string;
}

/** The chunks that its kind has. */
export type SegmentMeta = Readonly<Record<ChunkKind, ChunkMeta>>;

/** One gzip member, but for the chunks between head and tail. */
export interface BodyMeta {
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
  readonly raw: number;
}

/** What is said in docs/formats.md, as far as the frontend reads it. */
export interface Manifest {
  readonly key: string;
  readonly engine: number;
  readonly segments: readonly SegmentMeta[];
  /** Those that its kind is served as. */
  readonly bodies: Readonly<Record<BodyName, BodyMeta>>;
  readonly summary: Omit<ChunkMeta, "raw">;
  readonly overview: ChunkMeta;
}

const SEAL = Buffer.from(',"sha256":"');
const HEX = 64;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * The manifest of a computation, or null where the bytes are damaged, foreign or another engine's: its checksum is checked before
 * anything in it is believed, and what the checksum covers was written by a worker of this very engine.
 */
export function readManifest(bytes: Buffer, { key, segments }: Computation): Manifest | null {
  const seal = bytes.lastIndexOf(SEAL);
  const end = seal + SEAL.length + HEX;
  if (seal < 0 || bytes.subarray(end).toString("latin1").trimEnd() !== '"}') return null;
  if (sha256(bytes.subarray(0, seal)) !== bytes.toString("latin1", seal + SEAL.length, end)) return null;
  let manifest: Manifest;
  try {
    manifest = JSON.parse(bytes.toString("utf8")) as Manifest;
  } catch {
    return null;
  }
  const own = manifest.engine === ENGINE && manifest.key === key;
  return own && manifest.segments.length === segments ? manifest : null;
}

/** Lengths of a product as sent and unpacked, in bytes. */
export function sizeOf(manifest: Manifest, product: Product): { bytes: number; raw: number } {
  if (isBody(product)) return manifest.bodies[product];
  if (product === "overview") return manifest.overview;
  return { bytes: manifest.summary.bytes, raw: manifest.summary.bytes };
}

/**
 * Strong entity tag of a product as stored: a digest of everything the bytes consist of. A body that is streamed has its
 * tag before its bytes, and the same tag as when it is held in memory.
 */
export function tagOf(manifest: Manifest, product: Product): string {
  const digest = createHash("sha256");
  if (isBody(product)) {
    const body = manifest.bodies[product];
    const kind = product === "data.arrow" ? "arrow" : "records";
    digest.update(body.head);
    for (const segment of manifest.segments) digest.update(segment[kind].sha256);
    digest.update(body.tail);
  } else {
    digest.update(manifest[product === "overview" ? "overview" : "summary"].sha256);
  }
  return digest.digest("base64url").slice(0, 22);
}
