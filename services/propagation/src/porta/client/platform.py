"""The platform as a notebook sees it: one cache, one pool, and what the environment says of both."""

from __future__ import annotations

import functools
import operator
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from porta.client.bands import Ensemble
from porta.client.dispatch import Dispatch, Health
from porta.client.places import Places
from porta.client.reading import Reader
from porta.client.records import Propagation
from porta.client.waiting import obtain
from porta.client.workers import open_pool
from porta.config import LARGEST_MAX_STEPS
from porta.ensembles.request import Ensemble as EnsembleRequest
from porta.run import BadInput, Run

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")


class Platform:
    """Cache and pool. Nothing is connected before it is needed.

    Attributes
    ----------
    places : where both are
    """

    def __init__(self, places: Places) -> None:
        """Remember where it is."""
        self.places, self.reader, self.dispatch = places, Reader(places), Dispatch(places)

    def propagation(self, steps: int, seed: int = 0, *, timeout: float | None = None) -> Propagation:
        """As `porta.propagation`."""
        run = Run.parse(_text("steps", steps, "500"), _text("seed", seed, "7"), LARGEST_MAX_STEPS)
        return self.obtain(run.key, lambda: Propagation.find(self, run), Propagation.unit, timeout)

    def ensemble(self, steps: int, runs: int, seed: int = 0, *, timeout: float | None = None) -> Ensemble:
        """As `porta.ensemble`."""
        numbers = {"steps": (steps, "10_000"), "runs": (runs, "1_000"), "seed": (seed, "7")}
        request = EnsembleRequest(**{name: int(_text(name, *given)) for name, given in numbers.items()})
        return self.obtain(request.key, lambda: Ensemble.find(self, request), Ensemble.unit, timeout)

    def pool(self, **options: Any) -> Client:  # noqa: ANN401  Dask's own
        """As `porta.pool`."""
        return open_pool(self.places, self.health(), options)

    def health(self) -> Health:
        """How the pool is: whether it takes work, its workers, its versions. Raises `PlatformAway`."""
        return self.dispatch.health()

    def obtain(self, key: str, read: Callable[[], T | None], unit: str, timeout: float | None = None) -> T:
        """Read a result, or have it computed. See `porta.client.waiting.obtain`."""
        return obtain(self.dispatch, key, read, unit, timeout)

    def __repr__(self) -> str:  # noqa: D105
        return f"Platform(cache {self.places.cache}, dispatch {self.places.dispatch}, pool {self.places.scheduler})"


@functools.lru_cache(maxsize=8)
def _at(places: Places) -> Platform:
    return Platform(places)


def connect() -> Platform:
    """Find the platform that the environment names; beside ``npm start`` nothing needs to be set.

    `propagation`, `ensemble` and `pool` do so by themselves. What is returned has all three as methods, and `health`
    beside them.

    Raises
    ------
    porta.config.ConfigError : a variable holds what it must not; see `porta.client.places`
    """
    return _at(Places.from_env(os.environ))


def propagation(steps: int, seed: int = 0, *, timeout: float | None = None) -> Propagation:
    """Return a run of the model: from the cache, or computed by the pool, once for everyone who asks.

    Parameters
    ----------
    steps
        How many, from 1.
    seed
        Which random time steps, 0 to 2⁵³ − 1.
    timeout
        In seconds. None: as long as the platform gives signs of life, and two minutes after the last; or two minutes
        after it first failed. Ctrl-C ends the waiting, not the computation: that goes on, for the cache.

    Raises
    ------
    porta.run.BadInput : steps or seed are not allowed
    porta.client.PlatformError : the platform is not there, of another release, or cannot compute this

    Examples
    --------
    >>> import porta
    >>> result = porta.propagation(500)
    >>> print(result.verdict)
    The first 470 of 500 steps can be trusted to 5 %, the first 16 to 1 %. …
    """
    return connect().propagation(steps, seed, timeout=timeout)


def ensemble(steps: int, runs: int, seed: int = 0, *, timeout: float | None = None) -> Ensemble:
    """Return many runs of the model, reduced to what one looks at: from the cache, or computed by the pool.

    Runs are cached a thousand or so at a time: of 2,000 runs after 1,000, the pool computes the second thousand.

    Parameters
    ----------
    steps
        How many each run has, from 1.
    runs
        How many runs, from 1; with the seeds ``seed``, ``seed + 1``, …
    seed
        Of the first run.
    timeout
        In seconds. None: as long as the platform gives signs of life, and two minutes after the last; or two minutes
        after it first failed. Ctrl-C ends the waiting; an ensemble that nobody waits for any more is given up after
        half a minute, and its parts stay.

    Raises
    ------
    porta.run.BadInput : steps, runs or seed are not allowed
    porta.client.PlatformError : the platform is not there, of another release, or cannot compute this

    Examples
    --------
    >>> import porta
    >>> result = porta.ensemble(10_000, 1_000)
    >>> result.bands("distance")["p50"]
    >>> result.plot()
    """
    return connect().ensemble(steps, runs, seed, timeout=timeout)


def pool(**options: Any) -> Client:  # noqa: ANN401  Dask's own
    """Open a Dask client on the platform's pool, for functions of your own.

    It is encrypted where the environment says so (``DASK_DISTRIBUTED__COMM__TLS__…``), as in JupyterLab on Kubernetes.

    Parameters
    ----------
    options
        For `distributed.Client`, such as ``set_as_default=False``.

    Raises
    ------
    porta.client.VersionMismatch : Python, Dask or NumPy here are not those of the pool, which could not read our tasks
    porta.client.PlatformAway : nobody answers
    """
    return connect().pool(**options)


def _text(name: str, value: int, example: str) -> str:
    """Write a whole number of any type, NumPy's too, as text."""
    try:
        if isinstance(value, bool):
            raise TypeError
        return str(operator.index(value))
    except TypeError:
        raise BadInput(name, repr(value), "a whole number", example) from None
