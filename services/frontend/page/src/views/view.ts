/** What the page needs of a view. There is one for a run and one for an ensemble; each has its part of index.html. */
import type { Question } from "../model/input";
import type { Progress, Result } from "../model/state";
import type { Zoom } from "../ui/controls";

/** Each view is only given questions, progress and results of its own kind. */
export interface View {
  /** Nothing is known yet. */
  clear(): void;
  /** As far as it is computed. */
  grow(question: Question, progress: Progress): void;
  /** Fetches what is to be drawn and draws it. Draws nothing once `signal` is aborted. */
  show(question: Question, result: Result, signal: AbortSignal): Promise<void>;
  /** The same result as the address wants it looked at. */
  look(): void;
  /** A person chose among several: frame, span. */
  choose(name: string, value: string): void;
  zoom(zoom: Zoom): void;
  /** Takes the focus to the picture. */
  focus(): void;
}

/** What a view needs of the page. */
export interface Host {
  /** A person looks at it in another way: the fragment of the address, with its `#`. */
  remember(fragment: string): void;
}
