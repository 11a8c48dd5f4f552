"""What a forked process does before it becomes Dask's, and how it ends."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Final, NoReturn

from porta import leaving

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h

RETIRED: Final = 73
"""Exit code of a child that is not to be started again: its worker has been drained."""

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
"""What the parent handles, and a child must not inherit."""

_libc: Final = ctypes.CDLL(None)


def fork(run: Callable[[], None], inherited: Iterable[int]) -> int:
    """Run this in a new process. Returns its process id.

    Parameters
    ----------
    inherited
        File descriptors of the parent's own, which the child closes.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal between fork and reset would run the parent's handlers in the child.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        pid = os.fork()
        if pid == 0:
            _become(run, parent, inherited)
        return pid
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _become(run: Callable[[], None], parent: int, inherited: Iterable[int]) -> NoReturn:
    code = 1
    try:
        _separate(parent, inherited)
        code = _code_of(run)
    except BaseException:
        traceback.print_exc()
    finally:
        leaving.leave(code)


def _separate(parent: int, inherited: Iterable[int]) -> None:
    # The children of a killed parent would keep their ports, and nobody would watch them.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it died before we asked
    signal.set_wakeup_fd(-1)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor in inherited:
        os.close(descriptor)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    gc.enable()
    # Python and OpenSSL make new random numbers after a fork; numpy's old global generator does not.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    leaving.code_when_drained = RETIRED


def _code_of(run: Callable[[], None]) -> int:
    """Run it, and return the exit code that Python would end with."""
    try:
        run()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0
