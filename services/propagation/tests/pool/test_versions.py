"""Two builds are told apart by what they hold, since both call themselves by one version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from porta.fingerprint import PACKAGE
from porta.versions import versions


@pytest.mark.parametrize(
    ("changed", "same"), [(None, True), ("jobs.py", False), ("ensembles/tasks.py", False), ("contract.json", False)]
)
def test_the_build_changes_with_any_of_our_files_and_not_with_their_place(
    tmp_path: Path, changed: str | None, same: bool
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "porta", ignore=shutil.ignore_patterns("__pycache__"))
    if changed:
        with (tmp_path / "porta" / changed).open("a") as file:
            file.write("\n")
    command = [sys.executable, "-c", "from porta.versions import versions; print(versions()['build'])"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    build = subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout.strip()
    assert (build == versions()["build"]) is same
