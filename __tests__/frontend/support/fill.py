"""Computes runs in one process and stores them as a worker does: `fill.py 500 40000?seed=7`."""

import sys

from porta.cache import from_env
from porta.propagate import compute
from porta.run import Run

for name in sys.argv[1:]:
    steps, _, seed = name.partition("?seed=")
    run = Run(int(steps), int(seed or 0))
    result, segments = compute(run)
    from_env().results.write_whole(run, segments, result)
