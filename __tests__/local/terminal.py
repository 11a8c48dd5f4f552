"""Types a command into an interactive bash on a terminal of its own; closes the terminal, as a window is closed, when its own input ends.

python terminal.py <command>
"""

import os
import pty
import select
import sys

shell, terminal = pty.fork()
if shell == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])  # noqa: S606, S607 - the user's shell
os.write(terminal, f"{sys.argv[1]}\n".encode())
while True:
    readable, _, _ = select.select([terminal, sys.stdin.fileno()], [], [])
    if sys.stdin.fileno() in readable and not os.read(sys.stdin.fileno(), 1024):
        break
    if terminal in readable:
        try:
            os.write(sys.stdout.fileno(), os.read(terminal, 65536))
        except OSError:  # the shell has ended
            break
os.close(terminal)
os.waitpid(shell, 0)
