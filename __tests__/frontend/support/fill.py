"""Computes results in one process and stores them as a worker does: `fill.py propagation/500 ensemble/300/40?seed=7`."""

import sys

from porta.cache import from_env
from porta.ensembles import propagate as ensembles
from porta.ensembles.request import Ensemble
from porta.propagate import compute
from porta.run import Run

for name in sys.argv[1:]:
    path, _, seed = name.partition("?seed=")
    kind, *numbers = path.split("/")
    counts = [int(number) for number in numbers]
    if kind == "ensemble":
        ensemble = Ensemble(*counts, seed=int(seed or 0))
        result = ensembles.compute(ensemble)
        from_env().results.write_whole(ensemble, [result.chunks], result.fields)
    else:
        run = Run(*counts, seed=int(seed or 0))
        result, segments = compute(run)
        from_env().results.write_whole(run, [segment.chunks for segment in segments], result.fields)
