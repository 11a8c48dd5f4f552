"""Ensembles: how chunks of runs become Dask tasks, in which order, and what is told of it meanwhile.

::

    look ─▶ batch, batch, batch …         chunks of runs: from the cache, or computed and left there
              └───┴──▶ merge ─▶ merge …   what they come to, added up, a few at a time
                         └─▶ view         a picture of what is in so far, now and then
                                    └──▶ finish

Dispatch submits batches as workers take them. So what waits to be merged stays little however long the ensemble is, and
to give one up is to submit no more.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections import deque
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from porta.dispatch.kinds.kind import Kind
from porta.ensembles import tasks
from porta.ensembles.request import Ensemble
from porta.ensembles.tasks import Batch, Plan
from porta.job import Outcome

if TYPE_CHECKING:
    from distributed import Future

    from porta.config import DispatchSettings
    from porta.dispatch.flight import Flight
    from porta.dispatch.graph import Graph

FIRST, MERGE, BATCH = -1, -2, -3
"""Priorities, below any propagation's: that takes a moment, an ensemble its minute. Merges go before batches, so that
sketches do not pile up; what somebody waits for, before both."""

FAN_IN: Final = 8
"""Sketches merged by one task. Fewer: each run is merged more often; more: a worker holds more of them at one time."""

AHEAD: Final = 2
"""Batches submitted for each thread of the pool: one that runs, and one that is there when it ends."""

PICTURE_S: Final = 1.0
"""From one picture to the next: each costs a worker some tens of milliseconds."""

POLL_S: Final = 0.25
"""How soon new workers get their share, and a picture that is due is made where no batch ends meanwhile."""

AT_ONCE: Final = 4
"""Ensembles at one time: each gets its share of the same workers, and more would only make all of them late."""

IN_LINE: Final = 16
"""Ensembles that may wait in line: more would wait for the better part of an hour."""

PATIENCE_S: Final = 30.0
"""An ensemble is minutes of the whole pool. Whoever looks at one and goes for a reload is back in less than this."""


class Ensembles(Kind[Ensemble]):
    """``POST /ensemble/:steps/:runs``."""

    route: ClassVar[str] = "/ensemble/:steps/:runs"
    patience: float | None = PATIENCE_S

    def parse(self, path: Sequence[str], query: Mapping[str, str], settings: DispatchSettings) -> Ensemble:
        """See `Kind`."""
        steps, runs = path
        return Ensemble.parse(
            steps,
            runs,
            query.get("seed"),
            max_steps=settings.max_steps,
            max_runs=settings.max_runs,
            max_ensemble_steps=settings.max_ensemble_steps,
        )

    def at_once(self, settings: DispatchSettings) -> int:  # noqa: ARG002
        """See `Kind`."""
        return AT_ONCE

    def in_line(self, settings: DispatchSettings) -> int:  # noqa: ARG002
        """See `Kind`."""
        return IN_LINE

    def progress(self, request: Ensemble) -> EnsembleProgress:
        """See `Kind`."""
        return EnsembleProgress(request)

    async def compute(self, graph: Graph[Ensemble], flight: Flight) -> Outcome:
        """See `Kind`."""
        plan: Outcome | Plan = await graph.outcome("look", tasks.look, priority=FIRST)
        if isinstance(plan, Outcome):
            return plan
        parts = await Reduction(graph, plan.batches, cast("EnsembleProgress", flight.progress)).run()
        return cast("Outcome", await graph.outcome("finish", tasks.finish, parts, priority=FIRST))


class EnsembleProgress:
    """How far an ensemble is, in runs, and the newest picture of those that are in."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.total, self.done, self.known = ensemble.runs, 0, 0
        self._runs: dict[int, int] = {}
        self._overview, self._number = b"", 0

    def note(self, how: str, news: tuple[int, int]) -> None:
        """Note how many runs of the chunk that starts at a seed are done."""
        first, runs = news
        more = max(runs - self._runs.get(first, 0), 0)
        self._runs[first] = self._runs.get(first, 0) + more
        self.done += more
        self.known += more if how == "found" else 0

    def restart(self) -> None:
        """Count from the beginning again. The picture stays until there is a new one."""
        self.done = self.known = 0
        self._runs.clear()

    def show(self, overview: bytes) -> None:
        """Take a new picture."""
        self._overview, self._number = overview, self._number + 1

    def news(self, seen: int) -> tuple[dict[str, Any], int]:
        """Return the newest picture where it is another than the last ``seen``."""
        new = self._number > seen
        return {"overview": base64.b64encode(self._overview).decode() if new else None}, self._number


class Reduction:
    """One attempt's batches, and the merges of what they come to.

    The *total* is the sketch of most runs so far; the *front*, those of the others. One merge at a time adds some of
    the front to the total, which makes a picture, too. Where a large pool is quicker than that, others merge the
    front's sketches among each other meanwhile.
    """

    def __init__(self, graph: Graph[Ensemble], batches: Iterable[Batch], progress: EnsembleProgress) -> None:
        self._graph, self._progress = graph, progress
        self._batches = deque(batches)
        self._computing = 0
        self._front: list[Future] = []
        self._total: Future | None = None
        self._adding = False
        self._next_picture = 0.0
        self._pending: set[asyncio.Task[None]] = set()

    async def run(self) -> list[Future]:
        """Work until all batches are in, and return the few that are left to be merged. Raises as `Graph.done`."""
        try:
            self._submit()
            while self._pending:
                done, _ = await asyncio.wait(self._pending, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self._pending.discard(task)
                    task.result()
                self._submit()
        finally:
            for task in self._pending:
                task.cancel()
            await asyncio.gather(*self._pending, return_exceptions=True)
        return [self._total, *self._front] if self._total else self._front

    def _submit(self) -> None:
        # Where there is no worker one batch is submitted all the same, and waits at the scheduler.
        while self._batches and self._computing < max(AHEAD * self._graph.threads(), 1):
            self._computing += 1
            self._start(self._batch(self._batches.popleft()))
        now = time.monotonic()
        due = now >= self._next_picture or len(self._front) >= FAN_IN
        # A picture of all would come with the result: so the last merges make none.
        if self._computing and self._front and due and not self._adding:
            self._adding, self._next_picture = True, now + PICTURE_S
            self._start(self._add(self._take()))
        while len(self._front) >= FAN_IN:
            self._start(self._merge(self._take()))

    def _take(self) -> list[Future]:
        some = self._front[:FAN_IN]
        del self._front[:FAN_IN]
        return some

    async def _batch(self, chunks: Batch) -> None:
        future = self._graph.submit("batch", tasks.batch, chunks, priority=BATCH)
        await self._graph.done(future)
        self._front.append(future)
        self._computing -= 1

    async def _merge(self, parts: list[Future]) -> None:
        merged = await self._merged(parts, MERGE)
        self._front.append(merged)

    async def _add(self, parts: list[Future]) -> None:
        self._total = await self._merged([self._total, *parts] if self._total else parts, FIRST)
        picture = self._graph.submit("view", tasks.view, self._total, priority=FIRST)
        self._progress.show(await self._graph.result(picture))
        self._adding = False

    async def _merged(self, parts: list[Future], priority: int) -> Future:
        future = self._graph.submit("merge", tasks.merge, parts, priority=priority)
        await self._graph.done(future)
        self._graph.release(parts)
        return future

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._pending.add(asyncio.create_task(work))
