"""What dispatch asks of a kind of request: how to read one, how to compute it, what to tell meanwhile."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic

from porta.request import R

if TYPE_CHECKING:
    from porta.config import DispatchSettings
    from porta.dispatch.flight import Flight, Progress
    from porta.dispatch.graph import Graph
    from porta.job import Outcome


class Kind(ABC, Generic[R]):
    """A kind of request. All else that happens to one is the same for every kind.

    Attributes
    ----------
    route : the path, with a colon before what varies
    query : the names that its query may have, besides ``engine``
    patience : how many seconds a computation goes on for which nobody waits; None is to its end
    """

    route: ClassVar[str]
    query: ClassVar[tuple[str, ...]] = ("seed",)
    patience: float | None = None

    @abstractmethod
    def parse(self, path: Sequence[str], query: Mapping[str, str], settings: DispatchSettings) -> R:
        """Check what came over the wire, decoded: the varying parts of the path in order, and the query.

        Raises
        ------
        BadInput : what is not the one canonical text of a request within the limits
        """

    @abstractmethod
    def at_once(self, settings: DispatchSettings) -> int:
        """How many of the kind are computed at one time; others wait in line."""

    @abstractmethod
    def in_line(self, settings: DispatchSettings) -> int:
        """How many of the kind may wait in line; one more is refused."""

    @abstractmethod
    def progress(self, request: R) -> Progress:
        """Return the progress of a computation that is about to start."""

    @abstractmethod
    async def compute(self, graph: Graph[R], flight: Flight) -> Outcome:
        """Have the pool find or compute the result, and wait for it.

        Raises
        ------
        Failure, TaskError, KilledWorker, FutureCancelledError, ClosedClientError, OSError : as the graph's methods
        """
