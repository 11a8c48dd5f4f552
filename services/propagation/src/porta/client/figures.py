"""Figures of a propagation, in the colours of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

from porta.client.track import exact_orbit
from porta.kepler import MEAN_MOTION
from porta.model import PLANET_VX, PLANET_Y

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from porta.client.records import Propagation
    from porta.client.track import Track

PLANET: Final = "#c98a0c"
TRUSTED1: Final = "#0a7d74"
TRUSTED5: Final = "#2f66d8"
BEYOND: Final = "#c8501f"
EXACT: Final = "#66758c"
RULE: Final = "#d9dfe8"

TURN: Final = 2 * np.pi / MEAN_MOTION
"""Time of one revolution on the exact orbit."""


def new(height: float, *ratios: float) -> tuple[Figure, list[Axes]]:
    """Make a figure of axes one above the other, with heights in these proportions."""
    figure, axes = plt.subplots(
        len(ratios), figsize=(7.5, height), height_ratios=ratios, layout="constrained", squeeze=False
    )
    for one in axes[:, 0]:
        one.spines[["top", "right"]].set_visible(False)
        one.grid(color=RULE, linewidth=0.6)
        one.set_axisbelow(True)
    return figure, list(axes[:, 0])


def handed_over(figure: Figure) -> Figure:
    """Return the figure as a value. Jupyter shows a value; what is still open besides, it would show a second time."""
    if "inline" in plt.get_backend():
        plt.close(figure)
    return figure


def propagation(result: Propagation, *, whole: bool, inertial: bool) -> Figure:
    """Draw a run; see `porta.client.Propagation.plot`."""
    verdict = result.verdict
    last = result.steps if whole else max(verdict.trusted5, 1)
    figure, (orbit, energy) = new(8, 5, 2)
    track = result.satellite.until(last)
    _orbits(orbit, result, track, inertial=inertial)
    energy_errors(energy, track, verdict.trusted1, verdict.trusted5)
    shown = f"all {last:,} steps" if last == result.steps else f"the first {last:,} of {result.steps:,} steps"
    figure.suptitle(f"Seed {result.seed}, {shown}", x=0.02, ha="left", fontweight="bold")
    return handed_over(figure)


def _orbits(axes: Axes, result: Propagation, track: Track, *, inertial: bool) -> None:
    end, verdict = track.time[-1], result.verdict
    # Two hundred points a turn look round; far more than a screen has dots would only take time.
    times = np.linspace(0, end, min(max(200, int(200 * end / TURN)), 20_000))
    x, y = exact_orbit(times)
    exact = (x + PLANET_VX * times, y + PLANET_Y) if inertial else (x, y)
    place = (track.x, track.y) if inertial else track.in_planets_frame
    for first, last, colour, label in (
        (verdict.trusted5, result.steps, BEYOND, "beyond"),
        (verdict.trusted1, verdict.trusted5, TRUSTED5, "right to 5 %"),
        (0, verdict.trusted1, TRUSTED1, "satellite, right to 1 %"),
    ):
        rows = slice(*np.searchsorted(track.step, [first, last], "right"))
        if rows.start < rows.stop:
            begin = max(rows.start - 1, 0)  # so that the lines meet
            axes.plot(*(c[begin : rows.stop] for c in place), color=colour, linewidth=1, label=label)
    axes.plot(*exact, color=EXACT, linewidth=1.2, linestyle="--", label="exact orbit")
    if inertial:
        planet = result.planet.until(int(track.step[-1]))
        axes.plot(planet.x, planet.y, color=PLANET, linewidth=2, label="planet")
    else:
        axes.plot(0, 0, "o", color=PLANET, label="planet")
    axes.plot(place[0][-1], place[1][-1], "o", color=TRUSTED5, markersize=5)
    axes.set_aspect("equal", adjustable="datalim")
    frame = "inertial frame" if inertial else "the planet's frame"
    axes.set(xlabel=f"x, {frame} [length units]", ylabel="y")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper right", frameon=False)


def energy_errors(axes: Axes, track: Track, trusted1: int, trusted5: int) -> None:
    """Draw a satellite's energy error over its steps, with the bounds of 1 % and 5 %."""
    errors = track.energy_error
    axes.axhline(0, color=EXACT, linewidth=0.8)
    for bound, colour in ((0.01, TRUSTED1), (0.05, TRUSTED5)):
        for sign in (1, -1):
            axes.axhline(sign * bound, color=colour, linewidth=0.8, linestyle="--")
    axes.plot(track.step, errors, color=TRUSTED5, linewidth=1)
    for step, colour in ((trusted1, TRUSTED1), (trusted5, TRUSTED5)):
        if 0 < step < track.step[-1]:
            axes.axvline(step, color=colour, linewidth=1, linestyle=":")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set(xlabel="step", ylabel="energy error, $E/E_0 - 1$", xlim=(0, track.step[-1]))
