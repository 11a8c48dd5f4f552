"""The notebooks run from top to bottom on the platform, and what they say holds."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image
from services import Pool

FOLDER: Final = Path(__file__).parents[2] / "notebooks"

FIGURES: Final = {"pool": 4, "sim": 2, "trust": 5}
"""How many figures each one draws."""

LONGEST_CELL_S: Final = 300

NO_PROSE: Final = re.compile(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)|^#.*$", re.MULTILINE)
"""Code, formulas, addresses, headings."""

NUMBER: Final = re.compile(r"\d(?:[\d,_]*\d)?(?:\.\d+)?")


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.ipynb"))


def read(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="package", params=names())
def executed(
    request: pytest.FixtureRequest, platform: Pool, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Any]:
    """A notebook after all its cells, from a folder that holds nothing else: no cell may fail."""
    assert platform.health()["accepting"]
    notebook, directory = read(request.param), tmp_path_factory.mktemp("home")
    resources = {"metadata": {"path": str(directory)}}
    NotebookClient(notebook, timeout=LONGEST_CELL_S, kernel_name="python3", resources=resources).execute()
    return request.param, notebook


def outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def test_every_notebook_is_here() -> None:
    assert names() == sorted(FIGURES)


@pytest.mark.parametrize("name", names())
def test_it_lies_in_git_without_what_a_run_left(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id
        assert not cell.metadata, cell.id


def test_it_says_nothing_on_standard_error(executed: tuple[str, Any]) -> None:
    _, notebook = executed
    assert [output.text for output in outputs(notebook) if output.get("name") == "stderr"] == []


def test_its_figures_are_drawn(executed: tuple[str, Any]) -> None:
    name, notebook = executed
    figures = [output.data["image/png"] for output in outputs(notebook) if "image/png" in output.get("data", {})]
    assert len(figures) == FIGURES[name]
    for figure in figures:
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(figure))).convert("RGB"))
        assert min(pixels.shape[:2]) > 200
        # Lines on a white ground: not blank, and not full either.
        assert 0.01 < np.mean(np.any(pixels < 250, axis=2)) < 0.6
        assert len(np.unique(pixels @ [1, 256, 65_536])) > 50


def test_twenty_who_ask_have_it_computed_once(executed: tuple[str, Any]) -> None:
    name, notebook = executed
    said = "".join(output.get("text", "") for output in outputs(notebook))
    assert ("20 asked, 1 computed it\n" in said) == (name == "pool")


def test_every_number_in_its_prose_stands_in_a_cell_beside_it(executed: tuple[str, Any]) -> None:
    _, notebook = executed
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        prose = NO_PROSE.sub(" ", cell.source)
        beside = " ".join(
            near.source + " ".join(str(output.get("text", output.get("data", ""))) for output in near.outputs)
            for near in notebook.cells[max(index - 1, 0) : index + 2]
            if near.cell_type == "code"
        )
        shown = {float(number.replace(",", "").replace("_", "")) for number in NUMBER.findall(beside)}
        stated = {float(number.replace(",", "")) for number in NUMBER.findall(prose)}
        assert stated <= shown, cell.id
