"""Runs in lockstep: the bits of runs one by one, and vector instructions where the processor has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest

from porta.contract import MAX_SEED
from porta.ensembles.codes import NONE
from porta.ensembles.grid import Grid
from porta.ensembles.lanes import LANES, WIDE, sample_lanes
from porta.ensembles.request import Chunk
from porta.ensembles.sampler import sample
from porta.ensembles.sampling import compute
from porta.ensembles.sketch import RUN


def sampled_by(sampler: Callable[..., None], steps: int, first: int, runs: int) -> tuple[bytes, ...]:
    """All that a sampler writes of some runs."""
    grid = Grid(steps)
    bounds = np.repeat([[inf], [-inf]], grid.cells, axis=1)
    codes, rows = np.full((grid.cells, runs), NONE, np.uint16), np.zeros(runs, RUN)
    instants = np.append(grid.instants, inf)
    sampler(first, 0, runs, instants, grid.marks, grid.shifts, codes, bounds, rows)
    return codes.tobytes(), bounds.tobytes(), rows.tobytes()


@pytest.mark.parametrize("steps", [1, 2, 15, 255, 256, 257, 700, 10_000, 40_000])
@pytest.mark.parametrize("first", [0, 12_345, MAX_SEED - 4 * LANES + 1])
def test_runs_in_lockstep_have_the_bits_of_runs_one_by_one(steps: int, first: int) -> None:
    runs = 4 * LANES
    assert sampled_by(sample_lanes, steps, first, runs) == sampled_by(sample, steps, first, runs)


def test_the_runs_that_are_compared_include_such_that_are_ejected_and_such_that_are_not() -> None:
    ejected = compute(Chunk(40_000, 12_345, 4 * LANES)).rows["ejected"]
    assert 0 < np.count_nonzero(ejected == -1) < len(ejected)


@pytest.mark.parametrize("runs", [1, LANES - 1, LANES, LANES + 1, 5 * LANES + 3])
@pytest.mark.parametrize("steps", [300, 120_000])
def test_a_chunk_of_any_size_has_every_run_once(steps: int, runs: int) -> None:
    done: list[int] = []
    sketch = compute(Chunk(steps, 7, runs), done.append)
    assert sketch.rows["seed"].tolist() == list(range(7, 7 + runs))
    assert sum(done) == runs


SCRIPT = """
import json
from porta.ensembles.lanes import WIDE, sample_lanes
from porta.ensembles.request import Chunk
from porta.ensembles.sampling import compute
compute(Chunk(1, 0, 64))
roots = [asm.count("vsqrtpd") for asm in sample_lanes.inspect_asm().values()]
print(json.dumps([WIDE, len(sample_lanes.signatures), roots]))
"""


def compiled_afresh(env: dict[str, str], folder: Any) -> list[Any]:
    """WIDE, how often the lanes were compiled, and how many vector square roots there are in each."""
    environment = {**os.environ, **env, "NUMBA_CACHE_DIR": str(folder)}
    found = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True)
    told: list[Any] = json.loads(found.stdout)
    return told


@pytest.mark.skipif(not WIDE, reason="the processor has no AVX-512: runs are computed one by one here")
def test_the_compiler_makes_vector_instructions_of_the_lanes(tmp_path: Any) -> None:
    wide, compiled, (roots,) = compiled_afresh({}, tmp_path)
    assert (wide, compiled) == (True, 1)
    assert roots >= 2


def test_code_for_every_processor_of_an_architecture_computes_runs_one_by_one(tmp_path: Any) -> None:
    assert compiled_afresh({"NUMBA_CPU_NAME": "generic"}, tmp_path) == [False, 0, []]
