"""Dask's settings where Porta needs others than Dask's own.

Importing this module applies them, as defaults: what an operator sets (``DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL=…``,
a file named by ``DASK_CONFIG``) wins. The preloads import it, and ``dask scheduler`` and ``dask worker`` import their
preloads before they read their configuration, so that ``--preload`` alone is enough.
"""

from __future__ import annotations

from typing import Any, Final

import dask.config
import distributed.config  # noqa: F401  Dask's own defaults first: ours replace only these

from porta import tls_errors  # noqa: F401  importing it mends TLS streams

DEFAULTS: Final[dict[str, Any]] = {
    "distributed": {
        "scheduler": {
            # The third death of a worker under one task is not bad luck any more: the run is `failed`.
            "allowed-failures": 2,
            # A frozen worker's tasks move on while somebody still waits for them.
            "worker-ttl": "20s",
            # Who waits, waits for workers too; new requests get 503 while there are none.
            "no-workers-timeout": None,
            # Dask's own list without its HTTP proxy to the workers.
            "http": {
                "routes": [
                    "distributed.http.scheduler.prometheus",
                    "distributed.http.scheduler.info",
                    "distributed.http.scheduler.json",
                    "distributed.http.health",
                    "distributed.http.statics",
                ]
            },
        },
        "worker": {
            # Samples every thread a hundred times a second for a flame graph; a task of ours is one call.
            "profile": {"enabled": False},
            # Results of our tasks are small; of an ensemble's some megabytes, which are merged next: nothing to spill.
            "memory": {"target": False, "spill": False},
        },
    }
}

dask.config.update_defaults(DEFAULTS)
