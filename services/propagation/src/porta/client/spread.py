"""Figures of an ensemble, in the colours of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from porta.client.figures import BEYOND, EXACT, TRUSTED1, TRUSTED5, handed_over, new, percent, steps_axis
from porta.ensembles.grid import IN_TIME
from porta.run import BadInput

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from porta.client.bands import Ensemble

NESTED: Final = (
    ("min", "max", 0.12, "all runs"),
    ("p5", "p95", 0.25, "nine of ten"),
    ("p25", "p75", 0.4, "half of them"),
)
"""Bands, the widest first: lower level, upper level, opacity, label."""

NAMES: Final = {
    "planet_x": "planet's x",
    "planet_y": "planet's y",
    "satellite_x": "satellite's x",
    "satellite_y": "satellite's y",
    "distance": "distance from the planet",
}

ROOM: Final = 0.08
"""Of the height, above and below what has to be seen."""


def ensemble(result: Ensemble, quantity: str) -> Figure:
    """Draw an ensemble; see `porta.client.Ensemble.plot`."""
    if quantity not in IN_TIME:
        raise BadInput("quantity", str(quantity), f"one of {', '.join(IN_TIME)}", "distance")
    figure, (top, energy, ejection) = new(9, 4, 2.5, 2)
    title = (
        f"{result.runs:,} run{'' if result.runs == 1 else 's'} of {result.steps:,} steps, from seed {result.seed} on"
    )
    top.set_title(title, loc="left", fontweight="bold", pad=28)
    bands = result.bands(quantity)
    # Runs end at different times, since their steps have random lengths: what the last few do is no spread.
    bands = bands[bands["runs"] >= result.runs / 2]
    _bands(top, bands)
    top.set(xlabel="time", ylabel=f"{NAMES[quantity]} [length units]", xlim=(0, bands.index[-1]))
    top.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, borderpad=0, borderaxespad=0.3)
    _energy_errors(energy, result)
    _ejection(ejection, result)
    return handed_over(figure)


def _bands(axes: Axes, bands: pd.DataFrame) -> None:
    for low, high, opacity, label in NESTED:
        axes.fill_between(bands.index, bands[low], bands[high], color=TRUSTED5, alpha=opacity, linewidth=0, label=label)
    axes.plot(bands.index, bands["p50"], color=TRUSTED5, linewidth=1.5, label="median")
    # A single run that is thrown out would flatten all the others: nine of ten have to be seen.
    low, high = np.nanmin(bands["p5"]), np.nanmax(bands["p95"])
    room = ROOM * (high - low) or 1.0
    axes.set_ylim(low - room, high + room)


def _energy_errors(axes: Axes, result: Ensemble) -> None:
    bands = result.bands("energy_error")
    _bands(axes, bands)
    axes.axhline(0, color=EXACT, linewidth=0.8)
    for bound, colour in ((0.01, TRUSTED1), (0.05, TRUSTED5)):
        for sign in (1, -1):
            axes.axhline(sign * bound, color=colour, linewidth=0.8, linestyle="--")
    axes.yaxis.set_major_formatter(percent)
    steps_axis(axes, result.steps)
    axes.set_ylabel("energy error, $E/E_0 - 1$")


def _ejection(axes: Axes, result: Ensemble) -> None:
    curve = result.ejection
    axes.step(curve.index, curve, where="post", color=BEYOND, linewidth=1.5)
    half = result.verdict.ejected_by_half
    if half is not None:
        axes.axvline(half, color=EXACT, linewidth=1, linestyle=":")
    axes.set_ylim(0, max(float(curve.max()) * (1 + ROOM), 0.01))
    axes.yaxis.set_major_formatter(percent)
    steps_axis(axes, result.steps)
    axes.set_ylabel("ejected")
