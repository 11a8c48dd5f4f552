"""``python -m porta.drain``, run beside a worker before it is told to go.

==========================  ==========  ==========================================================
variable                    default     meaning
==========================  ==========  ==========================================================
``DASK_SCHEDULER_ADDRESS``              the scheduler's address
``POD_NAME``                            the worker's name, as ``dask worker --name`` has it
``PORTA_DRAIN_SECONDS``     ``60``      how long to wait for tasks that run; then they are given back too
==========================  ==========  ==========================================================
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from typing import Final

from porta.drain import drain

SECONDS: Final = "60"


def main() -> int:
    """Drain the worker that the environment names; 1 where it was not, 2 where a variable is wrong."""
    scheduler, name = os.environ.get("DASK_SCHEDULER_ADDRESS"), os.environ.get("POD_NAME")
    if not scheduler or not name:
        print("porta.drain: DASK_SCHEDULER_ADDRESS and POD_NAME must be set: which worker is it?", file=sys.stderr)
        return 2
    seconds = os.environ.get("PORTA_DRAIN_SECONDS") or SECONDS
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", seconds):
        print(
            f"porta.drain: PORTA_DRAIN_SECONDS={seconds[:32]!r} is not allowed: seconds, such as {SECONDS}",
            file=sys.stderr,
        )
        return 2
    try:
        print(f"porta.drain: {asyncio.run(drain(scheduler, name, float(seconds)))}")
    except OSError as error:
        print(f"porta.drain: not drained: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
