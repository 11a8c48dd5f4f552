"""The command line's ensembles, from outside."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

from porta.ensembles.propagate import compute
from porta.ensembles.request import Ensemble
from porta.ensembles.result import EnsembleResult, read_manifest

from .console import PORTA, Porta, process

ASKED = Ensemble(100, 20, 3)
ARGUMENTS = ("ensemble", 100, 20, "--seed", 3)


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    return compute(ASKED)


def served(result: EnsembleResult, name: str, kind: str) -> bytes:
    return gzip.decompress(read_manifest(result.fields["manifest"], ASKED.key).body(name, [result.chunks[kind]]))


def test_an_ensemble_is_told_in_words(porta: Porta, result: EnsembleResult) -> None:
    assert porta.succeeds(*ARGUMENTS).decode() == result.summary["words"] + "\n"


def test_every_format_is_that_of_the_service(porta: Porta, result: EnsembleResult) -> None:
    assert porta.succeeds(*ARGUMENTS, "--format", "json") == served(result, "data.json", "records")
    assert porta.succeeds(*ARGUMENTS, "--format", "arrow") == served(result, "data.arrow", "arrow")
    assert porta.succeeds(*ARGUMENTS, "--format", "overview") == gzip.decompress(result.fields["overview"])
    assert porta.succeeds(*ARGUMENTS, "--format", "summary") == result.fields["summary"]


@pytest.mark.parametrize("name", ["e.json", "e.arrow", "e.overview", "e.summary", "e.txt"])
def test_the_format_follows_from_the_name_and_gz_packs_it(porta: Porta, tmp_path: Path, name: str) -> None:
    plain, packed = tmp_path / name, tmp_path / f"{name}.gz"
    for file in (plain, packed):
        assert porta.succeeds(*ARGUMENTS, "-o", file) == b""
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    kind = "words" if name == "e.txt" else name.removeprefix("e.")
    assert plain.read_bytes() == porta.succeeds(*ARGUMENTS, "--format", kind)
    assert sorted(tmp_path.iterdir()) == [plain, packed]


def test_an_ensemble_is_written_from_a_shell(tmp_path: Path) -> None:
    written = process("ensemble", 500, 40, "-o", tmp_path / "e.arrow")
    assert (written.returncode, written.stdout, written.stderr) == (0, b"", b"")
    table = pa.ipc.open_file((tmp_path / "e.arrow").read_bytes()).read_all()
    assert table.schema.metadata[b"runs"] == b"40"


def test_a_long_ensemble_shows_its_progress_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(PORTA), "ensemble", "500", "10000", "--format", "summary"]
    try:
        with (tmp_path / "out").open("wb") as out:
            done = subprocess.run(
                command, stdout=out, stderr=theirs, timeout=100, check=False, env={**os.environ, "TERM": "xterm"}
            )
        shown = os.read(ours, 65_536).decode(errors="ignore")  # a read may end within a character
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0
    assert "10,000 runs of 500 steps" in shown
    assert "/10000" in shown
    assert json.loads((tmp_path / "out").read_bytes())["runs"] == 10_000


@pytest.mark.parametrize(
    ("steps", "runs", "says"),
    [
        ("0", "5", "steps '0' is not allowed: a whole number from 1 to 1000000"),
        ("5", "0", "runs '0' is not allowed: a whole number from 1 to 100000 for 5 steps"),
        ("5", "1e3", "runs '1e3' is not allowed"),
        ("1000000", "10001", "runs '10001' is not allowed: a whole number from 1 to 10000 for 1000000 steps"),
    ],
)
def test_what_is_no_ensemble_is_refused_with_what_is_allowed(porta: Porta, steps: str, runs: str, says: str) -> None:
    assert says in porta.fails(2, "ensemble", steps, runs)


def test_the_limits_are_those_of_the_environment(porta: Porta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_RUNS", "7")
    assert "from 1 to 7 for 10 steps" in porta.fails(2, "ensemble", 10, 8)
    monkeypatch.setenv("MAX_ENSEMBLE_STEPS", "30")
    assert "from 1 to 3 for 10 steps" in porta.fails(2, "ensemble", 10, 4)


def test_seeds_beyond_the_last_are_refused(porta: Porta) -> None:
    message = porta.fails(2, "ensemble", 10, 2, "--seed", 2**53 - 1)
    assert "seed '9007199254740991' is not allowed: at most 9007199254740990 for 2 runs" in message


def test_binary_is_not_poured_over_a_terminal() -> None:
    ours, theirs = pty.openpty()
    try:
        command = [str(PORTA), "ensemble", "5", "5", "--format", "arrow"]
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, timeout=100, check=False)
        assert done.returncode == 2
        assert b"arrow is binary, and this is a terminal: give a file with -o" in done.stderr
    finally:
        os.close(ours)
        os.close(theirs)
