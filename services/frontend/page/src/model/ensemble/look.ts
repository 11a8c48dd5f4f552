/** How a person looks at an ensemble: what the fragment of the address holds. */
import type { Frame } from "../address";
import type { Interval } from "./timeline";

export interface Look {
  readonly frame: Frame;
  /** The times on view: the first orbits, all of them, or some. */
  readonly span: "first" | "all" | Interval;
}

export const FIRST_LOOK: Look = { frame: "planet", span: "first" };

/** Reads a fragment; what it does not understand, it leaves at the first look. */
export function readLook(hash: string): Look {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const times = (parameters.get("t") ?? "").split(",").map(Number);
  const [from, to] = times;
  const some = times.length === 2 && from !== undefined && to !== undefined && from >= 0 && to > from && Number.isFinite(to);
  return {
    frame: parameters.get("frame") === "inertial" ? "inertial" : "planet",
    span: some ? { from, to } : parameters.get("span") === "all" ? "all" : "first",
  };
}

/** The fragment of a look, with its `#`; empty for the first one. */
export function writeLook({ frame, span }: Look): string {
  const parts: string[] = [];
  if (frame !== FIRST_LOOK.frame) parts.push(`frame=${frame}`);
  if (typeof span === "object") parts.push(`t=${[span.from, span.to].map((time) => String(Number(time.toPrecision(5)))).join(",")}`);
  else if (span !== FIRST_LOOK.span) parts.push(`span=${span}`);
  return parts.length ? `#${parts.join("&")}` : "";
}
