"""Results as one process computes them, to compare with what the pool has stored."""

from __future__ import annotations

import functools
from typing import cast

from services import Valkey

from porta.propagate import compute
from porta.run import Run


@functools.lru_cache(maxsize=4)
def computed(run: Run) -> dict[bytes, bytes]:
    """All fields of a result, computed here."""
    result, segments = compute(run)
    chunks = {f"{kind}/{s.index}": chunk for s in segments for kind, chunk in s.chunks.items()}
    return {name.encode(): value for name, value in (result.fields | chunks).items()}


def stored(valkey: Valkey, run: Run) -> dict[bytes, bytes]:
    """All fields of a result, as they are in the cache."""
    return cast("dict[bytes, bytes]", valkey.client.hgetall(run.key))


def store(valkey: Valkey, run: Run, fields: dict[bytes, bytes]) -> None:
    """Put a result into the cache."""
    valkey.client.hset(run.key, mapping=fields)  # type: ignore[arg-type]
