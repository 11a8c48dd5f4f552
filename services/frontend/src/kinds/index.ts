import { ensemble } from "./ensemble";
import type { Kind } from "./kind";
import { propagation } from "./propagation";

/** Everything that may be asked for. */
export const KINDS: readonly Kind[] = [propagation, ensemble];
