"""The platform from Python: ``porta.propagation(500)``, ``porta.pool()``; for notebooks and scripts.

Reading a result needs Redis alone; computing one needs dispatch; functions of one's own need the Dask pool.
"""

from porta.client.errors import NotComputed, PlatformAway, PlatformError, Refused, VersionMismatch
from porta.client.platform import Platform, connect, pool, propagation
from porta.client.records import Propagation
from porta.client.track import Track, exact_orbit

__all__ = [
    "NotComputed",
    "Platform",
    "PlatformAway",
    "PlatformError",
    "Propagation",
    "Refused",
    "Track",
    "VersionMismatch",
    "connect",
    "exact_orbit",
    "pool",
    "propagation",
]
