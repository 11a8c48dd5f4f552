import { PRODUCT } from "../products";
import type { Encoding, Form } from "../ready";

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
