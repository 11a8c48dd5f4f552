"""Porta: propagates satellites, and has a Dask pool do it once for everyone.

In a notebook::

    import porta

    result = porta.propagation(500)
    result.plot()

`propagation`, `ensemble`, `pool` and `connect` are those of `porta.client`, which is loaded when one of them is used:
the scheduler and the workers import this package too, and load only what they need.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from porta.client import connect as connect
    from porta.client import ensemble as ensemble
    from porta.client import pool as pool
    from porta.client import propagation as propagation

__all__ = ["connect", "ensemble", "pool", "propagation"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load the client when it is used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from porta import client  # noqa: PLC0415

    return getattr(client, name)


def __dir__() -> list[str]:
    """Name what is loaded on use, too, for completion."""
    return [*globals(), *__all__]
