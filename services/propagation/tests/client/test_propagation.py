"""What a notebook gets of a run is the run, whoever computed it."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from services import Pool

import porta
from porta.client import Propagation
from porta.contract import SEGMENT_STEPS
from porta.kepler import orbit
from porta.kernel import energy_error
from porta.manifest import read_manifest
from porta.model import AGENTS
from porta.propagate import compute
from porta.reference import run as reference
from porta.run import BadInput, Run

LONG = Run(SEGMENT_STEPS + 5000, 3)
"""Of more than one segment."""


@pytest.mark.usefixtures("platform")
def test_it_is_the_reference_to_the_bit() -> None:
    result, expected = porta.propagation(500, seed=7), reference(500, 7)
    rows = [
        (name, record.start, record.end, state.time_step, state.x, state.y, state.vx, state.vy)
        for record in expected.records()
        for name, state in record.values.items()
    ]
    assert [tuple(row.values()) for row in result.arrow.to_pylist()] == rows
    assert result.numpy()["step"].tolist() == [0, 0, *expected.written_at]


@pytest.mark.usefixtures("platform")
def test_every_way_to_have_it_says_the_same() -> None:
    result = porta.propagation(LONG.steps, LONG.seed)
    frame, arrays = result.pandas, result.numpy()
    assert result.arrow.num_rows == len(frame) == result.summary["records"] + 1
    assert list(frame.columns) == ["step", "agent", "from", "to", "time_step", "x", "y", "vx", "vy"]
    for name in ("from", "to", "time_step", "x", "y", "vx", "vy"):
        np.testing.assert_array_equal(arrays[name], frame[name])
    for agent, track in zip(AGENTS, (result.planet, result.satellite), strict=True):
        of_agent = frame[frame["agent"] == agent]
        np.testing.assert_array_equal(track.step, of_agent["step"])
        np.testing.assert_array_equal(track.time, of_agent["to"])
        np.testing.assert_array_equal(track.vy, of_agent["vy"])
    assert arrays["step"][-1] == LONG.steps


@pytest.mark.usefixtures("platform")
def test_what_one_does_to_an_array_or_a_frame_does_not_change_the_result() -> None:
    result = porta.propagation(500)
    steps = result.numpy()["step"].tolist()
    with pytest.raises(ValueError, match="read-only"):
        result.numpy()["step"] -= 1
    frame = result.pandas
    frame.loc[0, "step"] = 9
    frame["step"] -= 1
    assert result.numpy()["step"].tolist() == result.pandas["step"].tolist() == steps
    assert result.satellite.step[-1] == steps[-1]


@pytest.mark.usefixtures("platform")
def test_records_lie_in_one_piece_of_memory() -> None:
    column = porta.propagation(LONG.steps, LONG.seed).arrow.column("x")
    first, second = (chunk.buffers()[1].address for chunk in column.chunks)
    manifest = read_manifest(compute(LONG)[0].fields["manifest"], LONG.key)
    assert second - first < manifest.segments[0].arrow.raw + manifest.segments[1].arrow.raw


@pytest.mark.usefixtures("platform")
def test_what_follows_from_the_records_is_what_the_verdict_has() -> None:
    result = porta.propagation(LONG.steps, LONG.seed)
    satellite, verdict = result.satellite, result.verdict
    assert str(verdict) == result.summary["verdict"]["words"]
    assert verdict.to_json() == result.summary["verdict"]
    columns = (satellite.time, satellite.x, satellite.y, satellite.vx, satellite.vy)
    assert satellite.energy_error.tolist() == [energy_error(*row)[0] for row in zip(*columns, strict=True)]
    assert satellite.energy_error[-1] == verdict.last_error
    assert satellite.step[np.abs(satellite.energy_error) > 0.05][0] == verdict.trusted5 + 1
    assert satellite.until(verdict.trusted1).step[-1] <= verdict.trusted1
    assert satellite.off_orbit[1:].max() == pytest.approx(verdict.kepler[0], rel=1e-9)
    assert (satellite.exact[0][7], satellite.exact[1][7]) == orbit(satellite.time[7])


@pytest.mark.usefixtures("platform")
def test_its_overview_is_of_the_whole_run() -> None:
    result = porta.propagation(LONG.steps, LONG.seed)
    overview, satellite = result.overview, result.satellite
    assert (overview.start, overview.end, overview.last_step[-1]) == (0, LONG.steps, LONG.steps)
    x, y = satellite.in_planets_frame
    assert overview.rows["last"]["x"][-1] == np.float32(x[-1])
    assert overview.rows["last"]["y"][-1] == np.float32(y[-1])
    assert overview.rows["energy_error"]["least"].min() == np.float32(satellite.energy_error[1:].min())
    assert len(overview) == -(-LONG.steps // 2**overview.level)


def test_a_hit_asks_nobody(platform: Pool) -> None:
    porta.propagation(501)
    started = platform.metric("porta_graphs_started_total")
    result = porta.propagation(501)
    assert platform.metric("porta_graphs_started_total") == started
    assert result.summary == compute(Run(501))[0].summary


def test_however_many_ask_it_is_computed_once(platform: Pool) -> None:
    before = platform.metric("porta_graphs_started_total")
    together = threading.Barrier(8)

    def ask(_: int) -> Propagation:
        together.wait()
        return porta.propagation(60_001, 5)

    with ThreadPoolExecutor(8) as threads:
        hashes = {result.summary["hash"] for result in threads.map(ask, range(8))}
    assert hashes == {compute(Run(60_001, 5))[0].summary["hash"]}
    assert platform.metric("porta_graphs_started_total") == before + 1


@pytest.mark.parametrize(
    ("steps", "seed", "words"),
    [
        (0, 0, "steps '0' is not allowed"),
        (-1, 0, "steps '-1' is not allowed"),
        (500.0, 0, "steps '500.0' is not allowed"),
        ("500", 0, "steps \"'500'\" is not allowed"),
        (True, 0, "steps 'True' is not allowed"),
        (None, 0, "steps 'None' is not allowed"),
        (10**7, 0, "steps '10000000' is not allowed"),
        (500, -1, "seed '-1' is not allowed"),
        (500, 2**53, "seed '9007199254740992' is not allowed"),
    ],
)
def test_what_is_no_run_is_refused_before_anybody_is_asked(steps: int, seed: int, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        porta.propagation(steps, seed)
    assert words in str(refused.value)


@pytest.mark.usefixtures("platform")
def test_a_run_longer_than_the_pool_takes_is_refused_in_its_words() -> None:
    with pytest.raises(BadInput, match="a whole number from 1 to 1000000"):
        porta.propagation(1_000_001)


@pytest.mark.usefixtures("platform")
def test_numbers_of_numpy_are_numbers() -> None:
    assert porta.propagation(np.int64(30), np.uint8(2)).request == Run(30, 2)  # type: ignore[arg-type]


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(("whole", "inertial"), [(False, False), (True, False), (False, True), (True, True)])
def test_it_is_drawn_as_far_as_asked(whole: bool, inertial: bool) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("agg")
    result = porta.propagation(500)
    figure = result.plot(whole=whole, inertial=inertial)
    orbit_axes, energy_axes = figure.axes
    assert energy_axes.get_xlim() == (0, 500 if whole else 470)
    satellite = result.satellite.until(500 if whole else result.verdict.trusted5)
    x, _ = (satellite.x, satellite.y) if inertial else satellite.in_planets_frame
    drawn = [np.asarray(line.get_xdata()) for line in orbit_axes.get_lines()]
    assert sorted(x) == sorted({value for xs in drawn for value in xs} & set(x))
    figure.savefig(io.BytesIO())
    mpl.pyplot.close(figure)


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("steps", [1, 2, 16])
def test_the_shortest_runs_are_drawn_too(steps: int) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("agg")
    figure = porta.propagation(steps).plot()
    figure.savefig(io.BytesIO())
    mpl.pyplot.close(figure)


def test_the_package_alone_loads_nothing_of_it() -> None:
    script = "import porta, sys; assert not {'numba', 'numpy', 'redis', 'distributed', 'pyarrow'} & set(sys.modules); "
    script += "assert {'propagation', 'pool', 'connect'} <= set(dir(porta)); porta.propagation"
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


NOT_INSTALLED = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pandas", "matplotlib", "IPython", "distributed"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NotInstalled())
import porta.client
"""


def test_the_client_loads_without_the_packages_of_notebooks() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", NOT_INSTALLED], check=True)
