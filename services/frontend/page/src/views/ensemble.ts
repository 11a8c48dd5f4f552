/** Many runs at once: their bands, which tighten while they are computed. */
import { Charts } from "../charts";
import { FIRST_LOOK, type Look, readLook, writeLook } from "../model/ensemble/look";
import { EnsembleOverview } from "../model/ensemble/overview";
import type { EnsembleSummary } from "../model/ensemble/summary";
import type { Ensemble } from "../model/input";
import { decodeBase64 } from "../model/overview";
import type { EnsembleProgress } from "../model/state";
import { ENGINE, fetchEnsemble } from "../net/overviews";
import { showControls, type Zoom } from "../ui/controls";
import { element } from "../ui/elements";
import { clearEnsembleDescription, describeEnsemble } from "../ui/ensemble/describe";
import { showEnsembleNumbers } from "../ui/ensemble/numbers";
import { Readings } from "../ui/ensemble/readings";
import { showEnsembleVerdict } from "../ui/ensemble/verdict";
import { ENSEMBLE_FORMATS, showFormats } from "../ui/formats";
import { clearTable, onTableOpened } from "../ui/table";
import type { Host, View } from "./view";

export class EnsembleView implements View {
  readonly #charts: Charts;
  readonly #readings: Readings;
  #summary: EnsembleSummary | null = null;

  constructor(readonly host: Host) {
    this.#charts = new Charts({
      look: (look) => {
        this.#remember(look);
      },
      moment: (moment, overview, interval) => {
        this.#readings.show(moment, overview, interval);
      },
    });
    this.#readings = new Readings((time) => {
      this.#charts.seek(time);
    });
    onTableOpened(() => {
      this.#tell();
    });
  }

  clear(): void {
    this.#summary = null;
    this.#charts.clear();
    this.#readings.clear();
    showEnsembleVerdict(null);
    showFormats(ENSEMBLE_FORMATS, null, null);
    clearEnsembleDescription();
    clearTable();
    // Whoever comes by a link sees the first partial picture as the link says.
    this.#look(readLook(location.hash));
  }

  grow(_ensemble: Ensemble, { overview }: EnsembleProgress): void {
    if (overview === null) return;
    this.#charts.draw(new EnsembleOverview(decodeBase64(overview).buffer, ENGINE), null);
    this.#tell();
  }

  async show(ensemble: Ensemble, summary: EnsembleSummary, signal: AbortSignal): Promise<void> {
    const overview = await fetchEnsemble(ensemble, signal);
    if (signal.aborted) return;
    this.#summary = summary;
    this.#charts.draw(overview, summary.ejected.median);
    this.#choices();
    showEnsembleVerdict(summary);
    showFormats(ENSEMBLE_FORMATS, ensemble, summary.sizes);
    this.#tell();
  }

  look(): void {
    this.#look(readLook(location.hash));
  }

  choose(name: string, value: string): void {
    if (name === "frame") {
      const look: Look = { ...this.#charts.look, frame: value === "inertial" ? "inertial" : "planet" };
      this.#look(look);
      this.#remember(look);
    } else {
      this.#charts.show(value === "all" ? "all" : FIRST_LOOK.span);
    }
  }

  zoom(zoom: Zoom): void {
    if (zoom === "fit") this.#charts.show("all");
    else this.#charts.zoom(zoom === "in");
  }

  focus(): void {
    element("bands").focus();
  }

  #look(look: Look): void {
    this.#charts.lookAt(look);
    this.#choices();
    this.#tell();
  }

  #remember(look: Look): void {
    this.#choices();
    this.#tell();
    this.host.remember(writeLook(look));
  }

  #choices(): void {
    const { frame, span } = this.#charts.look;
    showControls({ frame, times: typeof span === "string" ? span : null });
  }

  /** What the charts show, in words and numbers. */
  #tell(): void {
    const { picture, interval } = this.#charts;
    if (!picture) return;
    describeEnsemble(picture, interval, this.#summary);
    showEnsembleNumbers(picture, interval);
  }
}
