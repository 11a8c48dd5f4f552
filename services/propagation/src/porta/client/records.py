"""A propagation as a notebook has it: the verdict at once, the records when they are looked at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from porta import deflate
from porta.arrow import Envelope, envelope
from porta.client.extra import require
from porta.client.overview import Overview
from porta.client.result import CachedResult
from porta.client.track import Track, steps_of
from porta.columns import NAMES
from porta.manifest import Manifest
from porta.model import AGENTS, PLANET, SATELLITE
from porta.run import Run
from porta.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Propagation(CachedResult[Run]):
    """A run of the model.

    Attributes
    ----------
    request : its steps and seed
    summary : as the service answers it, see docs/formats.md
    """

    kind = Manifest
    unit = "steps"

    @cached_property
    def verdict(self) -> Verdict:
        """How far it can be trusted: ``trusted1`` and ``trusted5`` steps, ``ejected`` by which step, and in words."""
        return Verdict.from_json(self.steps, self.summary["verdict"])

    @property
    def steps(self) -> int:
        """How many steps."""
        return self.request.steps

    @property
    def seed(self) -> int:
        """Of the random time steps."""
        return self.request.seed

    @cached_property
    def overview(self) -> Overview:
        """At most 511 windows of the whole run, however long it is."""
        return Overview.read(deflate.gunzip(self._packed_overview))

    @property
    def pandas(self) -> pd.DataFrame:
        """Every record, with the step in which it was written. A new frame each time."""
        require("pandas")
        frame = self.arrow.to_pandas()
        frame.insert(0, "step", self._step)
        return frame

    def numpy(self) -> dict[str, NDArray[Any]]:
        """Every record by column: step, agent (0 planet, 1 satellite), from, to, time_step, x, y, vx, vy."""
        columns = {name: self.arrow.column(name).to_numpy() for name in NAMES}
        return {"step": self._step, "agent": np.concatenate(self._agents), **columns}

    @cached_property
    def planet(self) -> Track:
        """The planet's records."""
        return self._track(PLANET)

    @cached_property
    def satellite(self) -> Track:
        """The satellite's records."""
        return self._track(SATELLITE)

    def plot(self, *, whole: bool = False, inertial: bool = False) -> Figure:
        """Draw the orbit, the exact one beside it, and the energy error below.

        Parameters
        ----------
        whole
            All steps, not only those that can be trusted to 5 %.
        inertial
            The frame in which the planet moves, not the planet's own.

        Returns
        -------
        A figure of Matplotlib. Jupyter shows it where it is a cell's last value.
        """
        require("matplotlib")
        from porta.client.figures import propagation  # noqa: PLC0415

        return propagation(self, whole=whole, inertial=inertial)

    def _envelope(self) -> Envelope:
        return envelope(self.seed, self.steps)

    def __repr__(self) -> str:  # noqa: D105
        return f"{self._title}: {self.verdict}"

    def _repr_html_(self) -> str:
        largest, last = _signed(self.verdict.largest_error), _signed(self.verdict.last_error)
        facts = {
            "records": f"{self.summary['records']:,}, until time {self.summary['time']:.6g}",
            "energy error": f"{largest} at most, {last} at last",
            "off the exact orbit": f"{self.verdict.kepler[0]:.3g} at most, {self.verdict.kepler[1]:.3g} at last",
        }
        rows = "".join(f'<tr><th style="text-align: left">{n}</th><td>{v}</td></tr>' for n, v in facts.items())
        return f"<b>{self._title}</b><p>{self.verdict}</p><table>{rows}</table>"

    @property
    def _title(self) -> str:
        return f"{self.steps:,} step{'' if self.steps == 1 else 's'}, seed {self.seed}"

    @cached_property
    def _agents(self) -> list[NDArray[np.int8]]:
        return [chunk.indices.to_numpy() for chunk in self.arrow.column("agent").chunks]

    @cached_property
    def _step(self) -> NDArray[np.int64]:
        steps = steps_of(self._agents, len(AGENTS))
        steps.flags.writeable = False  # all that is asked for later is made of it
        return steps

    def _track(self, agent: int) -> Track:
        columns = self.numpy()
        rows = columns["agent"] == agent
        return Track(columns["step"][rows], *(columns[name][rows] for name in NAMES))


def _signed(share: float) -> str:
    return f"{100 * share:+,.2f} %".replace("-", "−")
