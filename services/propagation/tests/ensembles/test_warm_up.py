"""A worker compiles before it takes tasks, and not in its first one."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import gc, pickle
from numba.core.dispatcher import Dispatcher
from porta.kernel import warm_up

def compiled():
    return {(f.py_func.__qualname__, s) for f in gc.get_objects() if isinstance(f, Dispatcher) for s in f.signatures}

warm_up()
before = compiled()
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import reduce, view
from porta.ensembles.sampling import compute
from porta.ensembles.sketch import Sketch, merge
ensemble = Ensemble(100_000, 300, 7)  # two chunks, the first in several parts
stored, sketches = [], []
for chunk in ensemble.chunks():
    sketch = compute(chunk, lambda runs: None)
    stored.append(Sketch.from_bytes(sketch.to_bytes(chunk), chunk))
    buffers = []
    data = pickle.dumps(sketch, protocol=5, buffer_callback=buffers.append)
    sketches.append(pickle.loads(data, buffers=[bytes(buffer.raw()) for buffer in buffers]))
    view(ensemble, merge(sketches))
    view(ensemble, sketches[-1])
    sketches[-1].to_bytes(chunk)
reduce(ensemble, merge([merge(stored[:1]), merge(sketches[1:])]))
print(len(before), sorted(compiled() - before))
"""


def test_an_ensemble_compiles_nothing_after_the_warm_up() -> None:
    found = subprocess.run([sys.executable, "-c", SCRIPT], env=dict(os.environ), capture_output=True, check=True)
    count, later = found.stdout.decode().split(maxsplit=1)
    assert int(count) > 10
    assert later == "[]\n"
