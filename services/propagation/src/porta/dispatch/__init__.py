"""Dispatch: where all requests for a result meet. A preload: ``dask scheduler --preload porta.dispatch``.

One graph per key, however many ask; its progress goes to everyone who waits. Dispatch lives on the scheduler's event
loop and keeps nothing that matters: if it dies, whoever waits asks again.
"""

from porta.dispatch.preload import dask_setup, dask_teardown

__all__ = ["dask_setup", "dask_teardown"]
