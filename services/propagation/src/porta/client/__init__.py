"""The platform from Python, for notebooks and scripts.

``porta.propagation(500)``, ``porta.ensemble(10_000, 1_000)``, ``porta.pool()``.
Reading a result needs Redis alone; computing one needs dispatch; functions of one's own need the Dask pool.
"""

from porta.client.bands import Ensemble, EnsembleVerdict
from porta.client.errors import NotComputed, PlatformAway, PlatformError, Refused, VersionMismatch
from porta.client.platform import Platform, connect, ensemble, pool, propagation
from porta.client.records import Propagation
from porta.client.track import Track, exact_orbit

__all__ = [
    "Ensemble",
    "EnsembleVerdict",
    "NotComputed",
    "Platform",
    "PlatformAway",
    "PlatformError",
    "Propagation",
    "Refused",
    "Track",
    "VersionMismatch",
    "connect",
    "ensemble",
    "exact_orbit",
    "pool",
    "propagation",
]
