"""Becomes the command given, tied to the life of the process that started it.

`npm start` can be killed with a signal that it cannot catch. On Linux the kernel then sends SIGTERM to each child that
asked for it before it became what it is, and the child ends as if it had been told to. Elsewhere this only runs the
command: there the next `npm start` ends what was left.

    python -IS tether.py <pid of the parent> <command> [argument...]
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; survives exec

parent, command = int(sys.argv[1]), sys.argv[2:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(f"{command[0]}: not started, process {parent} has ended")
os.execvp(command[0], command)  # noqa: S606 - that is what this file is for
