"""An ensemble as a notebook has it: what many runs come to, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from porta.client.extra import require
from porta.client.result import CachedResult
from porta.ensembles.bands import LEVELS
from porta.ensembles.grid import IN_STEPS, QUANTITIES
from porta.ensembles.request import Ensemble as Request
from porta.ensembles.result import EnsembleManifest
from porta.ensembles.table import envelope
from porta.run import BadInput

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from porta.arrow import Envelope

Levels = Mapping[str, float]
"""By level: min, p5, p25, p50, p75, p95, max, over the runs."""


@dataclass(frozen=True)
class EnsembleVerdict:
    """How far the runs of an ensemble can be trusted, and how they end. All of it is exact."""

    runs: int
    trusted1: Levels
    """Steps before the energy error first exceeds 1 %."""
    trusted5: Levels
    ejected: int
    """How many runs."""
    ejected_by_half: int | None
    """The step by which half of all runs are ejected."""
    closest: float
    """The closest approach of all, in length units."""
    closest_seed: int
    closest_step: int
    largest_error: Levels
    """Magnitude of each run's largest energy error."""
    words: str
    """In English, for a person."""

    @property
    def ejected_share(self) -> float:
        """Of all runs."""
        return self.ejected / self.runs

    @classmethod
    def from_json(cls, summary: Mapping[str, Any]) -> EnsembleVerdict:
        """Read an ensemble's summary."""
        ejected, closest = summary["ejected"], summary["closest"]
        return cls(
            runs=summary["runs"],
            trusted1=summary["trusted1"],
            trusted5=summary["trusted5"],
            ejected=ejected["runs"],
            ejected_by_half=ejected["median"],
            closest=closest["distance"],
            closest_seed=closest["seed"],
            closest_step=closest["step"],
            largest_error=summary["largestError"],
            words=summary["words"],
        )

    def __str__(self) -> str:  # noqa: D105
        return self.words

    def _repr_html_(self) -> str:
        return f"<p>{self.words}</p>"


class Ensemble(CachedResult[Request]):
    """Runs of the model with consecutive seeds, reduced to what one looks at.

    Attributes
    ----------
    request : steps, runs and the first seed
    summary : as the service answers it, see docs/formats.md
    """

    kind = EnsembleManifest
    unit = "runs"

    @cached_property
    def verdict(self) -> EnsembleVerdict:
        """How far the runs can be trusted, and how they end."""
        return EnsembleVerdict.from_json(self.summary)

    @property
    def steps(self) -> int:
        """How many steps each run has."""
        return self.request.steps

    @property
    def runs(self) -> int:
        """How many."""
        return self.request.runs

    @property
    def seed(self) -> int:
        """Of the first run; the others have the ones that follow."""
        return self.request.seed

    @property
    def pandas(self) -> pd.DataFrame:
        """The whole table of data.arrow: a row per quantity and place. A new frame each time."""
        require("pandas")
        return self.arrow.to_pandas()

    def bands(self, quantity: str = "distance") -> pd.DataFrame:
        """Return how a quantity is distributed over the runs, place by place.

        Parameters
        ----------
        quantity
            Over time: ``planet_x``, ``planet_y``, ``satellite_x``, ``satellite_y``, in the inertial frame, or
            ``distance``, from the planet. Over steps: ``energy_error``, E/E0 − 1.

        Returns
        -------
        By time or step: ``runs`` that have a value there, and of those the levels ``min p5 p25 p50 p75 p95 max``. Least
        and greatest are exact, quantiles within ``summary["bound"]``.
        """
        if quantity not in QUANTITIES:
            raise BadInput("quantity", str(quantity), f"one of {', '.join(QUANTITIES)}", "distance")
        frame = self.pandas
        of_quantity = frame[frame["quantity"] == quantity]
        return of_quantity.set_index("step" if quantity in IN_STEPS else "time")[["runs", *LEVELS]]

    @property
    def ejection(self) -> pd.Series[float]:
        """The share of runs that are ejected, by step. Exact at every step that is in it."""
        frame = self.pandas
        by_step = frame[frame["quantity"] == IN_STEPS[0]].set_index("step")["ejected"]
        return (by_step.astype(float) / self.runs).rename("ejected share")

    def plot(self, quantity: str = "distance") -> Figure:
        """Draw how a quantity spreads over the runs, the energy error, and the share that is ejected.

        Parameters
        ----------
        quantity
            Drawn at the top, over time; see `bands`.

        Returns
        -------
        A figure of Matplotlib. Jupyter shows it where it is a cell's last value.
        """
        require("matplotlib")
        from porta.client.spread import ensemble  # noqa: PLC0415

        return ensemble(self, quantity)

    def _envelope(self) -> Envelope:
        return envelope(self.request)

    def __repr__(self) -> str:  # noqa: D105
        return f"{self._title}: {self.verdict}"

    def _repr_html_(self) -> str:
        return f"<b>{self._title}</b><p>{self.verdict.words}</p>"

    @property
    def _title(self) -> str:
        last = "" if self.runs == 1 else f" to {self.seed + self.runs - 1}"
        return f"{self.runs:,} run{'' if self.runs == 1 else 's'} of {self.steps:,} steps, seeds {self.seed}{last}"
