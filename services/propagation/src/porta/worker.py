"""What a Dask worker does before it takes tasks: ``dask worker … --preload porta.worker``.

A worker announces itself to the scheduler only after its preloads have run, so that its first task finds everything
compiled and loaded.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from porta import (
    dask_defaults,  # noqa: F401  importing it applies them
    leaving,
)
from porta.config import ConfigError, RedisSettings
from porta.versions import versions

if TYPE_CHECKING:
    from distributed import Worker

logger = logging.getLogger("porta.worker")


try:
    # Here and not below: `dask worker` imports its preloads before it starts anything. Further on, the nanny of a
    # worker that cannot start would take most of a minute to say that it could not, and not why.
    RedisSettings.from_env(os.environ)
except ConfigError as error:
    raise SystemExit(f"porta.worker: {error}") from None


def load() -> None:
    """Load, and where the disk cache lacks it compile, all that tasks need; or end the process with the reason."""
    try:
        # Not above: the nanny of a plain `dask worker` imports this module too, and has no use for numba.
        from porta import jobs  # noqa: F401, PLC0415
        from porta.cache import from_env  # noqa: F401, PLC0415
        from porta.ensembles import tasks  # noqa: F401, PLC0415
        from porta.kernel import warm_up  # noqa: PLC0415

        warm_up()
    except Exception as error:
        # Of a failing preload Dask would only log the error.
        raise SystemExit(f"porta.worker cannot warm up: {error!r}") from error


async def dask_setup(worker: Worker) -> None:
    """Warm up, and tell the scheduler our versions."""
    leaving.watch(worker)
    # Not on the event loop: the nanny expects signs of life meanwhile.
    await asyncio.to_thread(load)
    from porta.cache import from_env  # noqa: PLC0415

    cache, ours = from_env(), versions()
    worker.metrics["porta"] = lambda _: ours
    trouble = await asyncio.to_thread(cache.trouble)
    if trouble is not None:
        logger.warning("%s Tasks wait for it.", trouble)


async def dask_teardown(worker: Worker) -> None:
    """End the process soon, where Dask would wait for tasks that run or hang in its event loop."""
    leaving.closing(worker)
