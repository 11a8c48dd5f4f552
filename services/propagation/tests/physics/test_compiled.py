"""Compiled code is not used longer than it is right."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core.caching import CacheImpl

import porta
from porta.compiled import SOURCES, compiled

PACKAGE = Path(porta.__file__).parent


def imported(source: str) -> set[str]:
    return {
        f"{name.replace('.', '/')}.py" for name in re.findall(r"^from porta\.([\w.]+) import", source, re.MULTILINE)
    }


def test_every_file_that_compiled_code_is_made_of_counts() -> None:
    sources = {str(path.relative_to(PACKAGE)): path.read_text() for path in PACKAGE.rglob("*.py")}
    compiled = {
        name for name, source in sources.items() if re.search(r"^@(compiled|subroutine|inlined)$", source, re.MULTILINE)
    }
    assert compiled == {"kernel.py", "kepler.py", "text.py", "windows.py"} | {
        f"ensembles/{name}.py" for name in ("codes", "counting", "lanes", "packing", "sampler")
    }
    needed = compiled.union(*(imported(sources[name]) for name in compiled))
    assert needed - set(SOURCES) == set()


def test_a_new_process_takes_compiled_code_from_the_folder_it_is_told(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    script = """
from porta.checkpoint import start
from porta.kernel import advance, walk
walk(start(0), 1)
print(sum(advance.stats.cache_misses.values()))
"""
    for misses in (1, 0):
        found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
        assert int(found.stdout) == misses
    assert {path.name[:6] for path in tmp_path.iterdir()} == {"porta-"}


def test_where_nothing_can_be_written_code_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])

    @compiled
    def twice(x: int) -> int:
        return 2 * x

    assert twice(21) == 42
