import type { ServerResponse } from "node:http";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { FastifyReply } from "fastify";
import { declined } from "./problem";
import { PRODUCT } from "./products";
import { etagOf, headersOf, storedEncoding, validators, type CacheState, type Encoding, type Form } from "./ready";
import { isStreamed, type Found, type ResultStore, type Streamed } from "./store";

/** Each large body that is under way holds a chunk of up to 4 MiB. */
const MOST_STREAMS = 32;

/** How an answer is wanted. */
export interface Wish {
  readonly head: boolean;
  readonly encoding: Encoding;
  readonly immutable: boolean;
  /** If-None-Match, as sent. */
  readonly noneMatch: string | undefined;
}

/** Chooses how a product is sent to who accepts these encodings. */
export function encodingFor(form: Pick<Form, "product">, acceptEncoding: string | undefined): Encoding {
  return PRODUCT[form.product].gzip && acceptsGzip(acceptEncoding) ? "gzip" : "identity";
}

const ACCEPTS = new Map<string, boolean>();

/** Whether gzip is acceptable: named without q=0, or covered by a star. Who names nothing gets it unpacked: it may be a plain reader. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  let accepts = ACCEPTS.get(header);
  if (accepts === undefined) {
    if (ACCEPTS.size >= 256) ACCEPTS.clear(); // clients send a handful of different ones; nobody may fill memory with more
    accepts = negotiate(header);
    ACCEPTS.set(header, accepts);
  }
  return accepts;
}

function negotiate(header: string): boolean {
  let star = false;
  for (const part of header.toLowerCase().split(",")) {
    const [name, ...parameters] = part.split(";").map((text) => text.trim());
    const quality = parameters.find((text) => text.startsWith("q="))?.slice(2);
    const wanted = quality === undefined || Number(quality) > 0;
    if (name === "gzip" || name === "x-gzip") return wanted;
    if (name === "*") star = wanted;
  }
  return star;
}

/** Weak comparison, as If-None-Match asks for. */
export function matches(noneMatch: string | undefined, etag: string): boolean {
  if (noneMatch === undefined) return false;
  if (noneMatch === etag || noneMatch.trim() === "*") return true;
  return noneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** Writes results to sockets: from memory, or chunk by chunk out of Redis. */
export class Sender {
  private streams = 0;

  constructor(
    private readonly store: ResultStore,
    /** Called when what is missing of a body turns out damaged, or cannot be read, after its first bytes were sent. */
    private readonly onCut: (form: Form, reason: Error) => void,
  ) {}

  get streaming(): number {
    return this.streams;
  }

  /**
   * Sends past Fastify's own sending: headers and bytes are complete.
   *
   * @returns the bytes of the body that were handed to the socket; null where it did not come to its end
   * @throws Problem before the first byte
   */
  async send(reply: FastifyReply, found: Found, wish: Wish, cache: CacheState): Promise<number | null> {
    const { encoding, immutable } = wish;
    const unpack = encoding !== storedEncoding(found.product);
    const unchanged = matches(wish.noneMatch, etagOf(found, encoding));
    const streaming = !unchanged && !wish.head && (isStreamed(found) || unpack);
    if (streaming && this.streams >= MOST_STREAMS) {
      throw declined("This frontend", `It already sends ${MOST_STREAMS} large results.`);
    }
    reply.hijack();
    const { raw } = reply;
    if (unchanged) {
      raw.writeHead(304, validators(found, encoding, immutable, cache)).end();
      return 0;
    }
    const headers = headersOf(found, encoding, immutable, cache);
    if (wish.head) {
      raw.writeHead(200, headers).end();
      return 0;
    }
    if (!isStreamed(found) && !unpack) {
      raw.writeHead(200, headers).end(found.body);
      return found.body.length;
    }
    return this.stream(raw, found, headers, unpack);
  }

  private async stream(raw: ServerResponse, found: Found, headers: string[], unpack: boolean): Promise<number | null> {
    if (raw.destroyed) return null; // the client has left while its result was looked up
    this.streams += 1;
    try {
      raw.writeHead(200, headers);
      const source = Readable.from(isStreamed(found) ? this.parts(found) : [found.body]);
      // An error on the way destroys the socket: with Content-Length sent, the client sees that the body is cut.
      await (unpack ? pipeline(source, createGunzip(), raw as Writable) : pipeline(source, raw as Writable));
      return unpack ? found.raw : found.bytes;
    } catch (error) {
      const left = (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
      if (!left) this.onCut(found, error as Error);
      raw.destroy();
      return null;
    } finally {
      this.streams -= 1;
    }
  }

  private async *parts(found: Streamed): AsyncGenerator<Buffer> {
    const { computation, manifest, kind } = found;
    yield found.head;
    yield found.first;
    for (let index = 1; index < manifest.segments.length; index++) {
      const chunk = await this.store.chunk(computation, manifest, kind, index);
      if (!chunk) {
        this.store.suspect(computation);
        throw new Error(`Chunk ${kind}/${index} of ${computation.key} is damaged.`);
      }
      yield chunk;
    }
    yield found.tail;
  }
}
