"""What a notebook gets of an ensemble is what its runs come to."""

from __future__ import annotations

import io

import numpy as np
import pytest
from services import Pool

import porta
from porta.ensembles.bands import LEVELS
from porta.ensembles.grid import QUANTITIES
from porta.run import BadInput

STEPS, RUNS, SEED = 400, 30, 11


@pytest.mark.usefixtures("platform")
def test_it_says_what_its_runs_say_one_by_one() -> None:
    result = porta.ensemble(STEPS, RUNS, SEED)
    alone = [porta.propagation(STEPS, seed) for seed in range(SEED, SEED + RUNS)]
    verdict = result.verdict
    for name in ("trusted1", "trusted5"):
        values = sorted(getattr(run.verdict, name) for run in alone)
        exact = {"min": values[0], "p50": values[RUNS // 2 - 1], "max": values[-1]}
        assert {level: getattr(verdict, name)[level] for level in exact} == exact
    assert verdict.ejected == sum(run.verdict.ejected is not None for run in alone) == 0
    nearest = min(alone, key=lambda run: run.satellite.distance.min())
    assert verdict.closest == pytest.approx(nearest.satellite.distance.min(), rel=1e-12)
    assert (verdict.closest_seed, str(verdict)) == (nearest.seed, result.summary["words"])

    errors = result.bands("energy_error")
    for step in (errors.index[0], errors.index[-1]):
        newest = sorted(run.satellite.until(int(step)).energy_error[-1] for run in alone)
        assert errors["min"][step] == pytest.approx(newest[0], rel=1e-12)
        assert errors["max"][step] == pytest.approx(newest[-1], rel=1e-12)
        bound = result.summary["bound"]
        assert errors["p50"][step] == pytest.approx(newest[RUNS // 2 - 1], rel=bound["relative"], abs=bound["absolute"])


@pytest.mark.usefixtures("platform")
def test_its_bands_are_ordered_and_its_share_of_ejected_rises_to_the_last_step() -> None:
    result = porta.ensemble(STEPS, RUNS, SEED)
    assert result.arrow.num_rows == len(result.pandas)
    for quantity in QUANTITIES:
        bands = result.bands(quantity)
        levels = bands[list(LEVELS)].dropna().to_numpy()
        assert len(levels)
        assert (np.diff(levels) >= 0).all(), quantity
    assert result.bands("energy_error").index[-1] == STEPS
    assert result.ejection.index[-1] == STEPS
    assert result.ejection.is_monotonic_increasing


def test_a_hit_asks_nobody(platform: Pool) -> None:
    first = porta.ensemble(STEPS, RUNS, SEED)
    started = platform.metric("porta_graphs_started_total")
    assert porta.ensemble(STEPS, RUNS, SEED).summary == first.summary
    assert platform.metric("porta_graphs_started_total") == started


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(("runs", "quantity"), [(RUNS, "distance"), (RUNS, "satellite_y"), (1, "planet_x")])
def test_it_is_drawn(runs: int, quantity: str) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("agg")
    figure = porta.ensemble(STEPS, runs, SEED).plot(quantity)
    top, energy, ejection = figure.axes
    assert energy.get_xlim() == ejection.get_xlim() == (0, STEPS)
    assert top.get_lines()
    figure.savefig(io.BytesIO())
    mpl.pyplot.close(figure)


@pytest.mark.usefixtures("platform")
def test_what_is_no_quantity_is_refused_with_those_there_are() -> None:
    result = porta.ensemble(STEPS, 1, SEED)
    for refuse in (result.bands, result.plot):
        with pytest.raises(BadInput, match="quantity 'speed' is not allowed: one of planet_x, "):
            refuse("speed")
    with pytest.raises(BadInput, match="quantity 'energy_error' is not allowed: one of planet_x, "):
        result.plot("energy_error")


@pytest.mark.usefixtures("env")
@pytest.mark.parametrize(
    ("steps", "runs", "seed", "words"),
    [
        (0, 10, 0, "steps '0' is not allowed"),
        (10, 0, 0, "runs '0' is not allowed"),
        (10, 2.5, 0, "runs '2.5' is not allowed"),
        (10, 2, 2**53 - 1, "seed '9007199254740991' is not allowed"),
    ],
)
def test_what_is_no_ensemble_is_refused_before_anybody_is_asked(steps: int, runs: int, seed: int, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        porta.ensemble(steps, runs, seed)
    assert words in str(refused.value)


@pytest.mark.usefixtures("platform")
def test_an_ensemble_larger_than_the_pool_takes_is_refused_in_its_words() -> None:
    with pytest.raises(BadInput, match="runs '100001' is not allowed: a whole number from 1 to 100000"):
        porta.ensemble(10, 100_001)
