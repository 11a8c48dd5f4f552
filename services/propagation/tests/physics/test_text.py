"""data.json and data.js say what the columns say, to the bit."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from porta.checkpoint import start
from porta.export import pieces
from porta.kernel import propagate
from porta.model import AGENTS
from porta.run import Run

from .runs import SEEDS, Row, rows


def body(run: Run, name: str) -> bytes:
    return b"".join(pieces(run, name, packed=False))


def parsed_rows(records: list[Any]) -> list[Row]:
    found = []
    for begin, to, states in records:
        for agent, state in states.items():
            assert list(state) == ["time", "timeStep", "x", "y", "vx", "vy"]
            time, *values = state.values()
            assert time == to
            found.append(Row(AGENTS.index(agent), float("-inf") if begin is None else begin, to, *values))
    return found


@given(seed=SEEDS, steps=st.integers(1, 400))
def test_json_reads_back_as_the_very_columns(seed: int, steps: int) -> None:
    data = json.loads(body(Run(steps, seed), "data.json"))
    assert (data["seed"], data["steps"], list(data)) == (seed, steps, ["seed", "steps", "records"])
    assert parsed_rows(data["records"]) == rows(propagate(start(seed), steps)[0])


def test_json_of_several_segments_reads_back_as_the_very_columns() -> None:
    data = json.loads(body(Run(40_000, 7), "data.json"))
    assert parsed_rows(data["records"]) == rows(propagate(start(7), 40_000)[0])


def test_the_initial_record_is_one_of_both_agents() -> None:
    first = json.loads(body(Run(1), "data.json"))["records"][0]
    assert first[:2] == [None, 0]
    assert list(first[2]) == ["Planet", "Satellite"]


def test_a_record_is_a_line() -> None:
    assert body(Run(500), "data.json").count(b"\n") == len(json.loads(body(Run(500), "data.json"))["records"])


def test_a_number_is_printed_as_briefly_as_it_can_be() -> None:
    numbers = json.loads(body(Run(500), "data.json"), parse_float=str)["records"][1:]
    for begin, to, states in numbers:
        (state,) = states.values()
        for number in (begin, to, *state.values()):
            assert isinstance(number, int) or number == json.dumps(float(number)).replace("e-0", "e-")


def test_javascript_defines_the_same_records(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "node is needed for this test"
    script = tmp_path / "data.js"
    script.write_bytes(body(Run(500, 7), "data.js"))
    check = f"""
        const vm = require("vm"), fs = require("fs"), page = {{}};
        vm.runInNewContext(fs.readFileSync({json.dumps(str(script))}, "utf8"), page);
        if (page.data[0][0] !== -Infinity) throw new Error("the first record does not start at -Infinity");
        page.data[0][0] = null;
        process.stdout.write(JSON.stringify(page.data));
    """
    found = subprocess.run([node, "-e", check], capture_output=True, check=True)
    assert parsed_rows(json.loads(found.stdout)) == rows(propagate(start(7), 500)[0])
