/** One run: its orbit, its clock, its energy error. */
import { readView, type View as Look, writeView } from "../model/address";
import type { Run } from "../model/input";
import { decodeBase64, Windows } from "../model/overview";
import type { RunProgress } from "../model/state";
import { Track } from "../model/track";
import type { Summary } from "../model/verdict";
import { fetchPicture } from "../net/picture";
import { Stage } from "../stage";
import { showControls, type Zoom } from "../ui/controls";
import { clearDescription, describe, readEnergy } from "../ui/describe";
import { element } from "../ui/elements";
import { RUN_FORMATS, showFormats } from "../ui/formats";
import { showNumbers } from "../ui/numbers";
import { clearTable, onTableOpened } from "../ui/table";
import { Transport } from "../ui/transport";
import { showVerdict } from "../ui/verdict";
import type { Host, View } from "./view";

export class RunView implements View {
  /** Of what is drawn. */
  #summary: Summary | null = null;
  #track: Track | null = null;
  readonly #stage: Stage;
  readonly #transport: Transport;

  constructor(readonly host: Host) {
    this.#transport = new Transport({
      toggle: () => {
        if (this.#summary) this.#stage.toggle();
      },
      seek: (step) => {
        this.#stage.seek(step);
      },
      speed: (rate) => {
        this.#stage.setSpeed(rate);
      },
    });
    this.#stage = new Stage({
      view: (look) => {
        this.#remember(look);
      },
      time: (now) => {
        if (!this.#summary || !this.#track) return;
        this.#transport.show(now);
        readEnergy(this.#track, now.step);
      },
      detail: () => {
        this.#tell();
      },
    });
    this.#stage.setSpeed(this.#transport.rate);
    onTableOpened(() => {
      this.#tell();
    });
  }

  clear(): void {
    this.#empty(false);
  }

  /** The start page: the exact satellite goes round once. */
  greet(): void {
    this.#empty(true);
  }

  /** Adds what has been computed since to the picture. */
  grow(run: Run, { k, total, windows }: RunProgress): void {
    const known = this.#track?.base;
    const base = known?.k === k && known.to === total ? known : new Windows(k, 0, total);
    for (const { first, data } of windows) base.put(first, decodeBase64(data));
    this.#track = new Track(base);
    this.#stage.grow(run, this.#track);
  }

  async show(run: Run, summary: Summary, signal: AbortSignal): Promise<void> {
    const { track, late } = await fetchPicture(run, summary, signal);
    if (signal.aborted) return;
    this.#track = track;
    this.#summary = summary;
    this.#transport.enable(true);
    this.#stage.show(run, track, summary, readView(location.hash));
    this.#choices();
    showVerdict(summary);
    showFormats(RUN_FORMATS, run, summary.sizes);
    this.#tell();
    void late?.then((detail) => {
      if (detail && !signal.aborted) this.#stage.sharpen(detail);
    });
  }

  look(): void {
    this.#look(readView(location.hash));
  }

  choose(name: string, value: string): void {
    const { view } = this.#stage;
    const look = { ...view, [name]: value, window: null, ...(name === "span" ? { step: null } : {}) };
    this.#look(look);
    this.#remember(look);
  }

  zoom(zoom: Zoom): void {
    if (zoom === "fit") this.#stage.fit();
    else this.#stage.zoom(zoom === "in");
  }

  focus(): void {
    element("plane").focus();
  }

  #empty(greeting: boolean): void {
    this.#track = null;
    this.#summary = null;
    this.#transport.enable(false);
    this.#stage.empty(greeting);
    showVerdict(null);
    showFormats(RUN_FORMATS, null, null);
    clearDescription();
    clearTable();
  }

  #look(look: Look): void {
    this.#stage.look(look);
    this.#choices();
    this.#tell();
  }

  #remember(look: Look): void {
    this.#choices();
    if (this.#summary) this.host.remember(writeView(look));
  }

  #choices(): void {
    const { frame, span } = this.#stage.view;
    showControls({ frame, span });
  }

  /** What the picture shows, in words and numbers. */
  #tell(): void {
    if (!this.#track || !this.#summary) return;
    describe(this.#stage, this.#track, this.#summary);
    showNumbers(this.#track, this.#stage.steps);
  }
}
