"""What a person is told about an ensemble."""

from __future__ import annotations

from typing import Any

from porta.ensembles.request import Ensemble
from porta.ensembles.summary import words

NATURE = "That is the model's nature, not a fault: its random time steps make the energy drift."


def said(
    ensemble: Ensemble,
    trusted1: tuple[int, int],
    trusted5: tuple[int, int],
    ejected: tuple[int, int | None] = (0, None),
) -> str:
    about: dict[str, Any] = {
        "trusted1": {"min": trusted1[0], "p50": trusted1[1]},
        "trusted5": {"min": trusted5[0], "p50": trusted5[1]},
        "ejected": {"runs": ejected[0], "share": ejected[0] / ensemble.runs, "median": ejected[1]},
        "closest": {"distance": 0.01234, "seed": 77, "step": 5120},
        "largestError": {"max": 0.00789},
    }
    return words(ensemble, about)


CLOSEST = "The closest approach of all is 0.012, in step 5,120 of seed 77."


def test_runs_that_can_all_be_trusted() -> None:
    assert said(Ensemble(10, 3), (10, 10), (10, 10)) == (
        "All 3 runs of 10 steps can be trusted to 1 %: the energy error is at most 0.79 %. "
        f"No satellite leaves its planet for good by then. {CLOSEST}"
    )
    assert said(Ensemble(1, 1), (1, 1), (1, 1)).startswith("The run of 1 step can be trusted to 1 %: ")


def test_runs_of_which_half_can_be_trusted_for_so_long() -> None:
    assert said(Ensemble(10_000, 1000), (3, 14), (40, 320), (12, None)) == (
        "Half of the 1,000 runs of 10,000 steps can be trusted to 1 % for 14 steps or more, to 5 % for 320 steps or "
        f"more. 12 satellites (1.2 %) left the planet for good. {CLOSEST} {NATURE}"
    )
    assert "to 5 % for all 500 steps or more" in said(Ensemble(500, 9), (3, 14), (40, 500))
    assert NATURE not in said(Ensemble(20, 9), (3, 14), (20, 20))


def test_runs_of_which_half_lose_their_satellite() -> None:
    assert "600 satellites (60 %) left the planet for good, half of all by step 81,234." in said(
        Ensemble(200_000, 1000), (3, 14), (40, 320), (600, 81_234)
    )


def test_a_single_run_is_told_as_one() -> None:
    assert said(Ensemble(500, 1), (16, 16), (470, 470)) == (
        "The run of 500 steps can be trusted to 1 % for 16 steps, to 5 % for 470 steps. "
        f"No satellite leaves its planet for good by then. {CLOSEST} {NATURE}"
    )
    gone = said(Ensemble(12_000, 1), (1, 1), (470, 470), (1, 6407))
    assert "for 1 step, to 5 % for 470 steps. By step 6,407 the satellite has left the planet for good." in gone
