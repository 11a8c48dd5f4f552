import type { Computation, Detail } from "./kinds/kind";

/** What results are served as. */
export const PRODUCTS = ["data.json", "data.js", "data.arrow", "overview", "summary"] as const;
export type Product = (typeof PRODUCTS)[number];
export type BodyName = "data.json" | "data.js" | "data.arrow";
export type ChunkKind = "records" | "arrow" | "windows";

export interface ProductInfo {
  readonly contentType: string;
  /** The chunks a body is made of; null: one field of the hash is the whole body. */
  readonly chunks: ChunkKind | null;
  /** Extension of the download's file name. */
  readonly extension: string;
  readonly disposition: "inline" | "attachment";
  /** May pages of other origins read it? */
  readonly shared: boolean;
  /** Stored gzipped; otherwise stored and sent as it is. */
  readonly gzip: boolean;
}

export const PRODUCT: Readonly<Record<Product, ProductInfo>> = {
  "data.json": {
    contentType: "application/json; charset=utf-8",
    chunks: "records",
    extension: ".json",
    disposition: "attachment",
    shared: true,
    gzip: true,
  },
  "data.js": {
    contentType: "text/javascript; charset=utf-8",
    chunks: "records",
    extension: ".js",
    disposition: "attachment",
    shared: true,
    gzip: true,
  },
  "data.arrow": {
    contentType: "application/vnd.apache.arrow.file",
    chunks: "arrow",
    extension: ".arrow",
    disposition: "attachment",
    shared: true,
    gzip: true,
  },
  overview: {
    contentType: "application/octet-stream",
    chunks: null,
    extension: ".overview",
    disposition: "attachment",
    shared: false,
    gzip: true,
  },
  summary: {
    contentType: "application/json; charset=utf-8",
    chunks: null,
    extension: ".summary.json",
    disposition: "inline",
    shared: false,
    gzip: false,
  },
};

export function isBody(product: Product): product is BodyName {
  return PRODUCT[product].chunks !== null;
}

/** What a browser calls the file it saves. */
export function fileName({ key }: Computation, product: Product, detail: Detail | null): string {
  const part = detail === null ? "" : `-from-${detail.from}-to-${detail.to}`;
  return `${key.replace(/[/?=]/g, "-")}${part}${PRODUCT[product].extension}`;
}
