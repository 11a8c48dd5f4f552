"""A `ps` for a Linux that has none, such as slim images: it prints the columns of POSIX, read with psutil.

Our own code asks `ps` only on macOS, where it always is; the test asks it on Linux too.
"""

import os
import sys
import time
from contextlib import suppress

import psutil

args = sys.argv[1:]
columns = [args[index + 1].rstrip("=") for index, arg in enumerate(args) if arg == "-o"]
pids = psutil.pids() if "-A" in args else [int(args[args.index("-p") + 1])]

for pid in pids:
    with suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        minutes, seconds = divmod(int(sum(process.cpu_times()[:4])), 60)
        row = {
            "pid": pid,
            "ppid": process.ppid(),
            "pgid": os.getpgid(pid),
            "stat": "Z" if process.status() == psutil.STATUS_ZOMBIE else "S",
            "time": f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}",
            "lstart": time.strftime("%a %b %e %H:%M:%S %Y", time.localtime(process.create_time())),
            "comm": process.name()[:15],
        }
        print(*(row[column] for column in columns))
