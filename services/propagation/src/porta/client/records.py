"""A propagation as a notebook has it: the verdict at once, the records when they are looked at."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from porta import arrow, deflate
from porta.client.overview import Overview
from porta.client.track import Track, steps_of
from porta.columns import NAMES
from porta.manifest import Damaged, Manifest, read_manifest
from porta.model import AGENTS, PLANET, SATELLITE
from porta.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.figure import Figure

    from porta.client.platform import Platform
    from porta.client.reading import Reader
    from porta.run import Run

CHUNKS_AT_ONCE: Final = 8
"""Segments read with one command: a megabyte or so each."""


class Propagation:
    """A run that is in the cache.

    Attributes
    ----------
    run : steps and seed
    summary : as the service answers it, see docs/formats.md
    verdict : how far the run can be trusted
    """

    def __init__(self, platform: Platform, run: Run, manifest: Manifest, summary: bytes, overview: bytes) -> None:
        """Take what was read and verified; use `porta.propagation`."""
        self._platform, self._manifest, self._packed_overview = platform, manifest, overview
        self.run = run
        self.summary: Mapping[str, Any] = json.loads(summary)
        self.verdict = Verdict.from_json(self.run.steps, self.summary["verdict"])

    @classmethod
    def find(cls, platform: Platform, run: Run) -> Propagation | None:
        """Return the run where the cache has it, sound as far as this reads. See `Reader` for what it raises."""
        manifest, summary, overview = platform.reader.fields(run.key, ["manifest", "summary", "overview"])
        if manifest is None or summary is None or overview is None:
            return None
        try:
            read = read_manifest(manifest, run.key)
        except Damaged:
            return None
        return cls(platform, run, read, summary, overview) if read.verify(summary, overview) else None

    @property
    def steps(self) -> int:
        """How many steps."""
        return self.run.steps

    @property
    def seed(self) -> int:
        """Of the random time steps."""
        return self.run.seed

    @cached_property
    def overview(self) -> Overview:
        """At most 511 windows of the whole run, however long it is."""
        return Overview.read(deflate.gunzip(self._packed_overview))

    @cached_property
    def arrow(self) -> pa.Table:
        """Every record, as data.arrow has it: a chunk a segment, all in one piece of memory.

        Read from the cache at first use and verified; what is not there any more, or damaged, is computed again.
        """
        return self._platform.obtain(
            self.run.key, lambda: _table(self._platform.reader, self.run, self._manifest), "steps"
        )

    @property
    def pandas(self) -> pd.DataFrame:
        """Every record, with the step in which it was written. A new frame each time."""
        from porta.client.extra import require  # noqa: PLC0415

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
        from porta.client.extra import require  # noqa: PLC0415

        require("matplotlib")
        from porta.client.figures import propagation  # noqa: PLC0415

        return propagation(self, whole=whole, inertial=inertial)

    def __repr__(self) -> str:  # noqa: D105
        return f"{self._title}: {self.verdict}"

    def _repr_html_(self) -> str:
        facts = {
            "records": f"{self.summary['records']:,}, until time {self.summary['time']:.6g}",
            "energy error": f"{self.verdict.largest_error:+.2%} at most, {self.verdict.last_error:+.2%} at last",
            "off the exact orbit": f"{self.verdict.kepler[0]:.3g} at most, {self.verdict.kepler[1]:.3g} at last",
        }
        rows = "".join(f'<tr><th style="text-align: left">{n}</th><td>{v}</td></tr>' for n, v in facts.items())
        return f"<b>{self._title}</b><p>{html.escape(str(self.verdict))}</p><table>{rows}</table>"

    @property
    def _title(self) -> str:
        return f"{self.steps:,} step{'' if self.steps == 1 else 's'}, seed {self.seed}"

    @cached_property
    def _agents(self) -> list[NDArray[np.int8]]:
        return [chunk.indices.to_numpy() for chunk in self.arrow.column("agent").chunks]

    @cached_property
    def _step(self) -> NDArray[np.int64]:
        return steps_of(self._agents, len(AGENTS))

    def _track(self, agent: int) -> Track:
        columns = self.numpy()
        rows = columns["agent"] == agent
        return Track(columns["step"][rows], *(columns[name][rows] for name in NAMES))


def _table(reader: Reader, run: Run, manifest: Manifest) -> pa.Table | None:
    """Read all batches into one buffer; None where one is not what it was."""
    import pyarrow as pa  # noqa: PLC0415

    head = arrow.head(run.seed, run.steps)
    buffer = bytearray(len(head) + sum(segment.arrow.raw for segment in manifest.segments) + len(arrow.END_OF_STREAM))
    buffer[: len(head)] = head
    buffer[-len(arrow.END_OF_STREAM) :] = arrow.END_OF_STREAM
    at = len(head)
    for first in range(0, len(manifest.segments), CHUNKS_AT_ONCE):
        segments = manifest.segments[first : first + CHUNKS_AT_ONCE]
        chunks = reader.fields(run.key, [f"arrow/{first + index}" for index in range(len(segments))])
        for segment, chunk in zip(segments, chunks, strict=True):
            if chunk is None or not segment.arrow.verify(chunk):
                return None
            buffer[at : at + segment.arrow.raw] = deflate.inflate(chunk)
            at += segment.arrow.raw
    with pa.ipc.open_stream(pa.py_buffer(buffer)) as stream:
        return cast("pa.Table", stream.read_all())
