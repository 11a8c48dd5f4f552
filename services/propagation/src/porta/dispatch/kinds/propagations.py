"""Propagations: how a run becomes Dask tasks, and what is told of it meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from porta import jobs
from porta.contract import SEGMENT_STEPS
from porta.dispatch.kinds.kind import Kind
from porta.failure import CannotBeStored, Failure
from porta.job import Outcome
from porta.jobs import COPIES, STRIDE, Plan
from porta.levels import overview_level
from porta.run import Run

if TYPE_CHECKING:
    from distributed import Future

    from porta.config import DispatchSettings
    from porta.dispatch.flight import Flight
    from porta.dispatch.graph import Graph

SHORT: Final = 3
"""Priority of a run of one task: it takes milliseconds, and goes before the many segments of a long one."""

CHAIN: Final = 2
"""Priority of what others wait for: the physics' chain, the look, the end."""

SEGMENTS: Final = 1

IN_LINE: Final = 16
"""Propagations that may wait in line, for each that may be computed at one time: 1,024 by default. The shortest take
milliseconds, so that a thousand clients with a run of their own each are served in seconds."""

ROW_BYTES: Final = 128
COARSEST: Final = SEGMENT_STEPS.bit_length() - 1
"""A window of a whole segment. An overview may be coarser still; progress is not, since segments end one by one."""


class Propagations(Kind[Run]):
    """``POST /propagation/:steps``."""

    route: ClassVar[str] = "/propagation/:steps"

    def parse(self, path: Sequence[str], query: Mapping[str, str], settings: DispatchSettings) -> Run:
        """See `Kind`."""
        (steps,) = path
        return Run.parse(steps, query.get("seed"), settings.max_steps)

    def at_once(self, settings: DispatchSettings) -> int:
        """See `Kind`."""
        return settings.max_flights

    def in_line(self, settings: DispatchSettings) -> int:
        """See `Kind`."""
        return IN_LINE * settings.max_flights

    def progress(self, request: Run) -> PropagationProgress:
        """See `Kind`."""
        return PropagationProgress(request)

    async def compute(self, graph: Graph[Run], flight: Flight) -> Outcome:  # noqa: ARG002
        """See `Kind`."""
        if graph.job.request.steps <= SEGMENT_STEPS:
            return cast("Outcome", await graph.outcome("whole", jobs.whole, priority=SHORT))
        plan: Outcome | Plan = await graph.outcome("look", jobs.look, priority=CHAIN)
        if isinstance(plan, Outcome):
            return plan
        strides, parts = _segments(graph, plan)
        try:
            end = await graph.outcome("finish", jobs.finish, plan, strides, parts, priority=CHAIN)
            return cast("Outcome", end)
        except CannotBeStored:
            # What one task deleted would make room for another that is still at work.
            await graph.settle()
            with suppress(Failure):
                await graph.result(graph.submit("clear", jobs.clear, priority=CHAIN))
            raise


def _segments(graph: Graph[Run], plan: Plan) -> tuple[list[Future], list[Future]]:
    """Submit what fills the cache: returns the strides, and the parts that copy or encode."""
    end, strides, parts = -(-graph.job.request.steps // SEGMENT_STEPS), [], []
    copies = [range(first, min(first + COPIES, plan.copied)) for first in range(0, plan.copied, COPIES)]
    parts += graph.map("copy", jobs.copy, [(plan, indices) for indices in copies], SEGMENTS)
    before: Any = plan.checkpoint
    for first in range(plan.copied, end, STRIDE):
        segments = range(first, min(first + STRIDE, end))
        # A group of its own: so Dask sees that all that hangs on it may wait at the scheduler, in order.
        before = graph.submit(f"walk-{first}", jobs.walk, before, segments, priority=CHAIN)
        strides.append(before)
        work = [(index, index - first, before) for index in segments]
        parts += graph.map(f"encode-{first}", jobs.encode, work, SEGMENTS)
    return strides, parts


class PropagationProgress:
    """How far a run is, in steps, and the windows of its overview that are there."""

    def __init__(self, run: Run) -> None:
        self.total, self.done, self.known = run.steps, 0, 0
        self.level = min(overview_level(run.steps), COARSEST)
        self._stored: set[int] = set()
        self._rows: dict[int, bytes] = {}
        self._order: list[int] = []

    def note(self, how: str, news: tuple[int, bytes]) -> None:
        """Note that a segment is in the cache, with its rows of the overview."""
        index, rows = news
        if index in self._stored:
            return
        self._stored.add(index)
        if index not in self._rows:
            self._rows[index] = rows
            self._order.append(index)
        steps = min(SEGMENT_STEPS, self.total - index * SEGMENT_STEPS)
        self.done += steps
        self.known += steps if how == "copied" else 0

    def restart(self) -> None:
        """Count from the beginning again. Rows stay: they will be the same."""
        self.done = self.known = 0
        self._stored.clear()

    def news(self, seen: int) -> tuple[dict[str, Any], int]:
        """Return the windows of all but the first ``seen`` segments that ended."""
        windows = self._windows(sorted(self._order[seen:]))
        return {"k": self.level, "windows": windows}, len(self._order)

    def _windows(self, indices: list[int]) -> list[dict[str, Any]]:
        """Rows of the segments, neighbours joined."""
        per_segment, joined = SEGMENT_STEPS >> self.level, list[tuple[int, bytearray]]()
        for index in indices:
            first = index * per_segment
            if joined and joined[-1][0] + len(joined[-1][1]) // ROW_BYTES == first:
                joined[-1][1].extend(self._rows[index])
            else:
                joined.append((first, bytearray(self._rows[index])))
        return [{"first": first, "data": base64.b64encode(rows).decode()} for first, rows in joined]
