"""What a Dask worker does before it takes tasks: ``dask worker … --preload porta.worker``.

A worker announces itself to the scheduler only after its preloads have run, so that its first task finds everything
compiled and loaded.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from porta import dask_defaults  # noqa: F401  importing it applies them
from porta.config import ConfigError
from porta.versions import versions

if TYPE_CHECKING:
    from distributed import Nanny, Worker

logger = logging.getLogger("porta.worker")


async def dask_setup(worker: Worker | Nanny) -> None:
    """Warm up, and tell the scheduler our versions. A worker whose configuration is wrong ends, with the reason."""
    from porta.cache import from_env  # noqa: PLC0415  numba belongs into the worker's process, not into its nanny's
    from porta.kernel import warm_up  # noqa: PLC0415

    try:
        from_env()
    except ConfigError as error:
        raise SystemExit(f"porta.worker: {error}") from None
    ours = versions()
    worker.metrics["porta"] = lambda _: ours
    # Not on the event loop: the nanny expects signs of life meanwhile.
    await asyncio.to_thread(warm_up)
