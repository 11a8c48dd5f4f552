"""A Dask client on the platform's pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from porta.client.errors import PlatformAway, VersionMismatch
from porta.versions import versions

if TYPE_CHECKING:
    from distributed import Client

    from porta.client.dispatch import Health
    from porta.client.places import Places

MUST_AGREE: Final = ("python", "distributed", "numpy", "porta", "build")
"""What tasks and their results are pickled with, and what they call on the workers. Of Python, the minor release: its
code objects differ from one to the next."""

CONNECT_S: Final = 10


def open_pool(places: Places, health: Health, options: dict[str, Any]) -> Client:
    """Check versions, connect. See `porta.pool`."""
    _require_same(health.versions)
    from distributed import Client  # noqa: PLC0415  half a second, for who uses it

    try:
        return Client(places.scheduler, **{"timeout": CONNECT_S, "name": "porta-notebook", **options})
    except (OSError, TimeoutError) as error:
        raise PlatformAway(
            f"No Dask scheduler answers at {places.scheduler} ({error or type(error).__name__}), though dispatch does "
            f"at {places.dispatch}. {places.scheduler_variable} has to name it: tls:// where the pool is encrypted."
        ) from error


def _require_same(theirs: dict[str, str]) -> None:
    ours = versions()
    differ = [
        name for name in MUST_AGREE if _comparable(name, ours[name]) != _comparable(name, theirs.get(name, "none"))
    ]
    if differ:
        here = ", ".join(f"{name} {ours[name]}" for name in differ)
        there = ", ".join(f"{name} {theirs.get(name, 'none')}" for name in differ)
        raise VersionMismatch(
            f"This notebook has {here}; the pool has {there}. Tasks are pickled, so these must agree: use a kernel of "
            "the pool's own environment (JupyterLab in the cluster, .venv beside npm start); where code has changed "
            "since, restart kernel or pool. porta.propagation works all the same: it needs only the engine to agree."
        )


def _comparable(name: str, version: str) -> str:
    return version.rpartition(".")[0] if name == "python" else version
