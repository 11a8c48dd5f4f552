"""What a worker loads before it takes tasks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("program", "kept_out"),
    [
        # A second of CPU for each worker, which only notebooks have a use for.
        ("import porta.worker; porta.worker.load()", ("pandas", "bokeh", "matplotlib")),
        # The scheduler computes nothing.
        ("import porta.dispatch, distributed.cli.dask_scheduler", ("pandas", "bokeh", "numba", "pyarrow")),
    ],
)
def test_nothing_is_loaded_that_is_slow_and_not_needed(program: str, kept_out: tuple[str, ...]) -> None:
    code = f"import sys\n{program}\nprint([name for name in {kept_out} if name in sys.modules])"
    env = {**os.environ, "REDIS_ADDR": "127.0.0.1:1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
