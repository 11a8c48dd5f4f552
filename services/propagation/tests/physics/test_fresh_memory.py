"""No byte of a result is one that happened to lie in memory."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import hashlib
from porta.ensembles.propagate import compute as compute_ensemble
from porta.ensembles.request import Ensemble
from porta.propagate import compute
from porta.run import Run

digest = hashlib.sha256()
for run in (Run(1), Run(500, 71), Run(40_000, 71)):
    result, segments = compute(run)
    for fields in (result.fields, *(segment.chunks for segment in segments)):
        for name, value in sorted(fields.items()):
            digest.update(name.encode() + value)
ensemble = compute_ensemble(Ensemble(700, 70, 5))
for name, value in sorted((ensemble.fields | ensemble.chunks).items()):
    digest.update(name.encode() + value)
print(digest.hexdigest())
"""


def digest(**env: str) -> bytes:
    """Of results that are computed where memory is not what it usually is."""
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONMALLOC": "malloc", **env}
    return subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True).stdout


def test_results_are_the_same_bytes_whatever_lies_in_memory_that_is_allocated() -> None:
    # glibc fills what it hands out; other systems ignore the variable.
    assert digest(MALLOC_PERTURB_="85") == digest(MALLOC_PERTURB_="170") == digest()
