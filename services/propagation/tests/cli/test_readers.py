"""What is written as Arrow opens by its name alone in the readers that people use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.feather
import pytest

from porta.checkpoint import start
from porta.columns import X
from porta.ensembles.grid import Grid
from porta.kernel import propagate

from .console import Porta


def _mapped(path: Path) -> Any:
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


READERS: dict[str, Callable[[Path], Any]] = {
    "pandas.read_feather": pd.read_feather,
    "polars.read_ipc": pl.read_ipc,
    "polars.scan_ipc": lambda path: pl.scan_ipc(path).collect(),
    "pyarrow.dataset, ipc": lambda path: pa.dataset.dataset(path, format="ipc").to_table(),
    "pyarrow.dataset, feather": lambda path: pa.dataset.dataset(path, format="feather").to_table(),
    "pyarrow.feather.read_table": pa.feather.read_table,
    "pyarrow.ipc, mapped into memory": _mapped,
}
STEPS = 20_000
"""Two segments, so two batches."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


def written(porta: Porta, folder: Path, name: str, *arguments: object) -> Path:
    file = folder / name
    if not file.exists():
        porta.succeeds(*arguments, "-o", file)
    return file


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["run.arrow", "run.feather", "run.ipc"])
def test_a_run_opens_by_its_name_alone(porta: Porta, folder: Path, name: str, reader: str) -> None:
    file = written(porta, folder, name, "propagate", STEPS, "--seed", 7)
    frame = READERS[reader](file)
    columns, _ = propagate(start(7), STEPS)
    assert frame.shape == (columns.rows, 8)
    assert frame["x"].to_numpy().tobytes() == columns.values[X].tobytes()


@pytest.mark.parametrize("reader", READERS)
def test_an_ensemble_opens_by_its_name_alone(porta: Porta, folder: Path, reader: str) -> None:
    file = written(porta, folder, "bands.arrow", "ensemble", 300, 20)
    assert READERS[reader](file).shape[0] == Grid(300).cells


@pytest.mark.parametrize("name", ["run.arrows", "run.parquet", "run.csv", "run.arrow.zst", "RUN.CSV"])
@pytest.mark.parametrize("command", [("propagate", 5), ("ensemble", 5, 5)], ids=lambda command: command[0])
def test_a_name_of_another_format_is_refused(
    porta: Porta, tmp_path: Path, command: tuple[object, ...], name: str
) -> None:
    message = porta.fails(2, *command, "-o", tmp_path / name)
    assert f"Porta does not write {Path(name).suffix.lower()}. It writes .json, " in message
    assert ", .arrow, " in message
    assert not list(tmp_path.iterdir())


def test_an_ensemble_has_no_script(porta: Porta, tmp_path: Path) -> None:
    assert "Porta does not write .js." in porta.fails(2, "ensemble", 5, 5, "-o", tmp_path / "bands.js")


def test_a_name_of_another_format_is_taken_where_the_format_is_given(porta: Porta, tmp_path: Path) -> None:
    porta.succeeds("propagate", 5, "--format", "json", "-o", tmp_path / "run.csv")
    assert (tmp_path / "run.csv").read_bytes().startswith(b'{"seed":0')
