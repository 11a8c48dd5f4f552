"""Figures of a propagation, in the colours of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import StrMethodFormatter

from porta.client.track import exact_orbit
from porta.kepler import MEAN_MOTION
from porta.model import PLANET_VX, PLANET_Y

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from porta.client.records import Propagation
    from porta.client.track import Track
    from porta.verdict import Verdict

PLANET: Final = "#c98a0c"
TRUSTED1: Final = "#0a7d74"
TRUSTED5: Final = "#2f66d8"
BEYOND: Final = "#c8501f"
EXACT: Final = "#66758c"
RULE: Final = "#d9dfe8"

TURN: Final = 2 * np.pi / MEAN_MOTION
"""Time of one revolution on the exact orbit."""

POINTS_A_TURN: Final = 200
MOST_POINTS: Final = 20_000
"""So many points look round; far more than a screen has dots only take time."""


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
    last = result.steps if whole else max(result.verdict.trusted5, 1)
    track = result.satellite.until(last)
    figure, (orbit, energy) = new(8, 5, 2)
    shown = "" if last == result.steps else f"the first {last:,} of "
    orbit.set_title(
        f"{shown}{result.steps:,} steps, seed {result.seed}".capitalize(), loc="left", fontweight="bold", pad=28
    )
    _exact(orbit, track, inertial=inertial)
    x, y = (track.x, track.y) if inertial else track.in_planets_frame
    for depth, (rows, colour, label) in enumerate(trusted_parts(track, result.verdict)):
        # What can be trusted lies on top.
        orbit.plot(x[rows], y[rows], color=colour, linewidth=1, label=label, zorder=2.5 - 0.1 * depth)
        orbit.plot(x[rows][-1:], y[rows][-1:], "o", color=colour, markersize=5 if rows.stop == len(track) else 0)
    if inertial:
        planet = result.planet.until(last)
        orbit.plot(planet.x, planet.y, color=PLANET, linewidth=2, label="planet")
    else:
        orbit.plot(0, 0, "o", color=PLANET, markersize=9, label="planet")
    orbit.set_aspect("equal", adjustable="datalim")
    orbit.set(xlabel="x [length units]" if inertial else "x, y from the planet [length units]")
    orbit.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, borderpad=0, borderaxespad=0.3)
    _energy_errors(energy, track, result.verdict)
    return handed_over(figure)


def trusted_parts(track: Track, verdict: Verdict) -> Iterator[tuple[slice, str, str]]:
    """Cut a track where its verdict says: yield rows, colour and label. Each part begins where the last one ends."""
    bounds = ((verdict.trusted1, TRUSTED1, "right to 1 %"), (verdict.trusted5, TRUSTED5, "to 5 %"))
    before = 0
    for until, colour, label in (*bounds, (int(track.step[-1]), BEYOND, "beyond")):
        rows = int(np.searchsorted(track.step, until, "right"))
        if rows > max(before, 1):
            yield slice(max(before - 1, 0), rows), colour, label
            before = rows


def _exact(axes: Axes, track: Track, *, inertial: bool) -> None:
    """Draw the exact orbit, in the planet's frame once around, and a ring where the satellite would be by now."""
    end = float(track.time[-1])
    until = end if inertial else min(end, TURN)
    times = np.append(np.linspace(0, until, int(min(max(POINTS_A_TURN * until / TURN, 50), MOST_POINTS))), end)
    x, y = exact_orbit(times)
    if inertial:
        x, y = x + PLANET_VX * times, y + PLANET_Y
    axes.plot(x[:-1], y[:-1], color=EXACT, linewidth=1.2, linestyle=(0, (5, 3)), label="exact orbit", zorder=3)
    axes.plot(x[-1], y[-1], "o", markersize=6, markeredgecolor=EXACT, markerfacecolor="white", zorder=3)


def _energy_errors(axes: Axes, track: Track, verdict: Verdict) -> None:
    errors = track.energy_error
    axes.axhline(0, color=EXACT, linewidth=0.8)
    for bound, colour in ((0.01, TRUSTED1), (0.05, TRUSTED5)):
        for sign in (1, -1):
            axes.axhline(sign * bound, color=colour, linewidth=0.8, linestyle="--")
    for rows, colour, _ in trusted_parts(track, verdict):
        axes.plot(track.step[rows], errors[rows], color=colour, linewidth=1)
    steps_axis(axes, int(track.step[-1]))
    axes.yaxis.set_major_formatter(percent)
    axes.set_ylabel("energy error, $E/E_0 - 1$")


def steps_axis(axes: Axes, last: int) -> None:
    """Make the horizontal axis one of steps."""
    axes.set(xlabel="step", xlim=(0, last))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def percent(share: float, _: float = 0) -> str:
    """Write a share as the page does."""
    return f"{100 * share:,.6g} %".replace("-", "−")
