"""The command line, from outside."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pytest

from porta.export import pieces
from porta.propagate import compute, detail
from porta.run import Run

from .console import PORTA, Porta, process


def test_a_run_is_written_and_verified_from_a_shell(tmp_path: Path) -> None:
    written = process("propagate", 500, "--seed", 1, "-o", tmp_path / "run.json")
    assert (written.returncode, written.stdout, written.stderr) == (0, b"", b"")
    verified = process("verify", tmp_path / "run.json")
    assert (verified.returncode, verified.stderr) == (0, b"")
    assert b"run.json: 500 steps of seed 1, equal to the bit\nhash " in verified.stdout


def test_bad_input_ends_a_process_with_2_before_anything_is_loaded() -> None:
    done = process("propagate", "0", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 2
    assert b" numba\n" not in done.stderr


def test_help_names_every_command_and_shows_examples() -> None:
    text = process("--help").stdout.decode()
    for word in ("propagate", "summary", "verify", "examples:", "porta propagate 500 --seed 1 -o run.json"):
        assert word in text


def test_help_does_not_wait_for_what_computes() -> None:
    done = process("--help", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    loaded = done.stderr.decode()
    assert "argparse" in loaded
    assert not any(f" {slow}\n" in loaded for slow in ("numpy", "numba", "pyarrow", "rich", "distributed"))


def test_json_goes_to_standard_output(porta: Porta) -> None:
    data = json.loads(porta.succeeds("propagate", 500, "--seed", 1))
    assert (data["seed"], data["steps"], len(data["records"])) == (1, 500, 791)


@pytest.mark.parametrize("name", ["run.json", "run.js", "run.arrow", "run.json.gz", "run.js.gz", "run.arrow.gz"])
def test_what_is_written_is_verified(porta: Porta, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    assert porta.succeeds("propagate", 20_000, "--seed", 3, "-o", file) == b""
    assert list(tmp_path.iterdir()) == [file]
    result_hash = compute(Run(20_000, 3))[0].summary["hash"]
    seed = ["--seed", 3] if ".js" in file.suffixes else []
    assert porta.succeeds("verify", file, *seed).decode() == (
        f"{file}: 20,000 steps of seed 3, equal to the bit\nhash {result_hash}\n"
    )


def test_a_stream_of_the_same_batches_is_verified_too(porta: Porta, tmp_path: Path) -> None:
    porta.succeeds("propagate", 20_000, "-o", tmp_path / "run.arrow")
    table = pa.feather.read_table(tmp_path / "run.arrow")
    with pa.OSFile(str(tmp_path / "run.arrows"), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    assert b"20,000 steps of seed 0, equal to the bit" in porta.succeeds("verify", tmp_path / "run.arrows")


def test_the_format_is_what_is_asked_for_whatever_the_name(porta: Porta, tmp_path: Path) -> None:
    porta.succeeds("propagate", 100, "--format", "arrow", "-o", tmp_path / "run.json")
    assert pa.ipc.open_file((tmp_path / "run.json").read_bytes()).read_all().num_rows > 100


def test_overview_and_summary_are_those_of_the_service(porta: Porta, tmp_path: Path) -> None:
    porta.succeeds("propagate", 500, "--format", "overview", "-o", tmp_path / "o.gz")
    assert gzip.decompress((tmp_path / "o.gz").read_bytes()) == detail(Run(500), 0, 500)
    expected = compute(Run(500))[0].fields["summary"]
    assert porta.succeeds("propagate", 500, "--format", "summary") == expected
    assert porta.succeeds("summary", 500, "--json") == expected + b"\n"


def test_a_summary_begins_with_the_verdict_in_words(porta: Porta) -> None:
    text = porta.succeeds("summary", 500).decode()
    assert text.startswith("The first 470 of 500 steps can be trusted to 5 %, the first 16 to 1 %.")
    assert compute(Run(500))[0].summary["hash"] in text


@pytest.mark.parametrize("steps", ["0", "-1", "1.0", "1e3", "+5", "007", "0x10", "1_000", "1000001", "٣", ""])
def test_steps_that_are_none_are_refused_with_what_is_allowed(porta: Porta, steps: str) -> None:
    message = porta.fails(2, "summary", "--", steps)
    assert message == (
        f"porta: steps {steps!r} is not allowed: a whole number from 1 to 1000000, in plain digits, for example 500\n"
    )


def test_a_seed_that_is_none_is_refused_with_what_is_allowed(porta: Porta) -> None:
    message = porta.fails(2, "propagate", 5, "--seed=-1")
    assert message == (
        "porta: seed '-1' is not allowed: a whole number from 0 to 9007199254740991, in plain digits, for example 7\n"
    )


def test_the_most_steps_are_those_of_the_environment(porta: Porta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_STEPS", "10")
    assert "from 1 to 10," in porta.fails(2, "summary", 11)
    monkeypatch.setenv("MAX_STEPS", "many")
    assert "MAX_STEPS='many' is not allowed" in porta.fails(2, "summary", 11)


def test_a_folder_that_is_not_there_is_named(porta: Porta) -> None:
    assert "/nowhere/" in porta.fails(2, "propagate", 5, "-o", "/nowhere/run.json")


def test_binary_is_not_poured_over_a_terminal() -> None:
    ours, theirs = pty.openpty()
    try:
        command = [str(PORTA), "propagate", "5", "--format", "arrow"]
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, timeout=100, check=False)
        assert done.returncode == 2
        assert b"arrow is binary, and this is a terminal: give a file with -o" in done.stderr
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"'{PORTA}' propagate 20000 | head -c 10"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=100, check=False)
    assert (done.stdout, done.stderr) == (b'{"seed":0,', b"")


@pytest.fixture(scope="module")
def text() -> str:
    return b"".join(pieces(Run(500), "data.json", packed=False)).decode()


def differs(porta: Porta, tmp_path: Path, text: str) -> str:
    file = tmp_path / "run.json"
    file.write_text(text)
    return porta.fails(1, "verify", file)


def test_a_changed_number_is_found_and_named(porta: Porta, tmp_path: Path, text: str) -> None:
    message = differs(porta, tmp_path, text.replace('"timeStep":0.06872036377366289', '"timeStep":0.0687203637736629'))
    assert "record 1 (Planet, until 0.01): timeStep is 0.0687203637736629 in the file, 0.06872036377366289" in message


def test_a_record_too_few_and_one_too_many_are_found(porta: Porta, tmp_path: Path, text: str) -> None:
    lines = text.split("\n")
    assert "record 700 " in differs(porta, tmp_path, "\n".join(lines[:700] + lines[701:]))
    last = lines[-2].removesuffix("]}")
    assert "it goes on after record 796, the last of 500 steps" in differs(
        porta, tmp_path, "\n".join([*lines[:-2], f"{last},", lines[-2], ""])
    )
    shorter = "\n".join([*lines[:-3], lines[-3].removesuffix(",") + "]}", ""])
    assert "it ends after record 795" in differs(porta, tmp_path, shorter)


def test_another_seed_is_found(porta: Porta, tmp_path: Path, text: str) -> None:
    assert "is not 500 steps of seed 1: record 1 " in differs(porta, tmp_path, text.replace('"seed":0', '"seed":1', 1))


def test_a_file_without_a_seed_says_how_to_give_it(porta: Porta, tmp_path: Path) -> None:
    porta.succeeds("propagate", 50, "--seed", 1, "-o", tmp_path / "run.js")
    assert "it does not name its seed: give it with --seed" in porta.fails(1, "verify", tmp_path / "run.js")


def test_a_file_that_is_cut_off_is_no_result(porta: Porta, tmp_path: Path, text: str) -> None:
    lines = text.split("\n")
    assert "line 11 is no record, so it is cut off or damaged" in differs(porta, tmp_path, "\n".join(lines[:11])[:-50])
    assert "cut off: it ends before its last record" in differs(porta, tmp_path, "\n".join(lines[:10]) + "\n")
    packed = gzip.compress(text.encode())
    (tmp_path / "run.json.gz").write_bytes(packed[:-100])
    assert "it cannot be unpacked" in porta.fails(1, "verify", tmp_path / "run.json.gz")


def test_json_laid_out_by_another_tool_is_verified_all_the_same(porta: Porta, tmp_path: Path, text: str) -> None:
    file = tmp_path / "pretty.json"
    file.write_text(json.dumps(json.loads(text), indent=2))
    assert b"500 steps of seed 0, equal to the bit" in porta.succeeds("verify", file)


@pytest.mark.parametrize(
    "content", ["", "hello", "[]", "{}", '{"records": 5}', '{"seed":0,"steps":5,"records":[[1,2]]}']
)
def test_what_is_not_a_result_is_said_to_be_none(porta: Porta, tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(content)
    assert str(file) in porta.fails(1, "verify", file)


def test_a_file_that_is_not_there_is_named(porta: Porta) -> None:
    assert porta.fails(2, "verify", "/nowhere.json") == "porta: /nowhere.json: No such file or directory\n"
