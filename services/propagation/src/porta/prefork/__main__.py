"""``python -m porta.prefork scheduler|worker <options>``, with the options of ``dask scheduler`` and ``dask worker``.

Ends with SIGTERM or SIGINT, and all its children with it. Where a process with everything loaded cannot be forked (not
on Linux), this becomes Dask's own command.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Final

ENVIRONMENT: Final = {
    # As Dask's nanny sets them: memory goes back to the system, and the pool is all the parallelism.
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Of pyarrow's allocator, which otherwise starts a thread: a process is forked only while it has no other.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What libraries and the C library read only once, when a process starts."""


def main() -> int:
    """Run what the command line says."""
    missing = {name: value for name, value in ENVIRONMENT.items() if name not in os.environ}
    if missing:
        os.environ.update(missing)
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606  this very program again
    # The first process of a container gets no signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    gc.disable()  # it would look again and again at what an import makes, and find nothing to free
    from porta.prefork.command import ROLES, parse  # noqa: PLC0415
    from porta.prefork.keeper import Keeper  # noqa: PLC0415
    from porta.prefork.load import can_fork, load, threads  # noqa: PLC0415

    role, *options = sys.argv[1:] or [""]
    if role not in ROLES:
        print(f"porta.prefork: {role[:32]!r} is not allowed: {' or '.join(ROLES)}, and Dask's options", file=sys.stderr)
        return 2
    command = parse(role, options)
    if not sys.platform.startswith("linux"):
        return _plain(role, options)
    load(command.preloads)
    if not can_fork():
        print(f"porta.prefork: threads run ({', '.join(threads())}): nothing can be forked", file=sys.stderr)
        return _plain(role, options)
    return Keeper(command.run, command.most_memory).keep()


def _plain(role: str, options: list[str]) -> int:
    os.execv(sys.executable, [sys.executable, "-m", "dask", role, *options])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
