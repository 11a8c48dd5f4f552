from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.checkpoint import start
from porta.kernel import walk
from porta.verdict import Verdict

from .runs import SEEDS, reference


def verdict(steps: int, seed: int) -> Verdict:
    return Verdict.of(walk(start(seed), steps), [(0.0, 0.0)])


@pytest.mark.parametrize(("seed", "steps", "trusted"), [(0, 500, (16, 470)), (7, 2000, (14, 353))])
def test_known_runs_can_be_trusted_as_far_as_is_known(seed: int, steps: int, trusted: tuple[int, int]) -> None:
    found = verdict(steps, seed)
    assert (found.trusted1, found.trusted5) == trusted


@given(seed=SEEDS, steps=st.integers(1, 600))
def test_the_verdict_is_what_the_records_say(seed: int, steps: int) -> None:
    plain = reference(steps, seed)
    errors = []  # (step, error)
    records = plain.records()[1:]
    for step, record in zip(plain.written_at, records, strict=True):
        if (s := record.values.get("Satellite")) is not None:
            kinetic = ((s.vx - 0.1) ** 2 + s.vy**2) / 2
            energy = kinetic - 1 / hypot(s.x - 0.1 * record.end, s.y - 0.1)
            errors.append((step, energy / (0.405 - 1 / 0.9) - 1))
    found = verdict(steps, seed)
    for trusted, limit in ((found.trusted1, 0.01), (found.trusted5, 0.05)):
        assert trusted == next((step - 1 for step, error in errors if abs(error) > limit), steps)
    assert found.largest_error == pytest.approx(max((error for _, error in errors), key=abs), rel=1e-9)
    assert found.last_error == pytest.approx(errors[-1][1], rel=1e-9, abs=1e-12)


def first_ejected(seed: int) -> int:
    """By the definition, from records: the first step with E > 0 and a distance over 10."""
    plain = reference(12_000, seed)
    for step, record in zip(plain.written_at, plain.records()[1:], strict=True):
        if (s := record.values.get("Satellite")) is not None:
            distance = hypot(s.x - 0.1 * record.end, s.y - 0.1)
            if ((s.vx - 0.1) ** 2 + s.vy**2) / 2 - 1 / distance > 0 and distance > 10:
                return step
    raise AssertionError("this seed is not ejected")


def test_the_ejection_is_the_step_that_the_definition_gives() -> None:
    assert verdict(12_000, seed=235).ejected == first_ejected(seed=235) == 6407


def test_a_run_up_to_just_before_its_ejection_is_not_ejected() -> None:
    assert verdict(6406, seed=235).ejected is None


def said(steps: int, trusted1: int, trusted5: int, error: float, ejected: int | None = None) -> str:
    return Verdict(steps, trusted1, trusted5, ejected, error, 0.0, (0.0, 0.0)).words()


NATURE = " That is the model's nature, not a fault: its random time steps make the energy drift."


def test_the_words_for_a_run_within_1_percent() -> None:
    assert said(1, 1, 1, 0.000123) == "The one step can be trusted to 1 %: the energy error is at most 0.012 %."
    assert said(1200, 1200, 1200, -0.0098) == (
        "All 1,200 steps can be trusted to 1 %: the energy error is at most 0.98 %."
    )


def test_the_words_for_a_run_within_5_percent() -> None:
    assert said(400, 16, 400, -0.0457) == (
        "All 400 steps can be trusted to 5 %, the first 16 of them to 1 %: the energy error is at most 4.6 %."
    )


def test_the_words_for_a_run_beyond_5_percent() -> None:
    assert said(500, 16, 470, -0.06199) == (
        "The first 470 of 500 steps can be trusted to 5 %, the first 16 to 1 %. Later the energy error reaches 6.2 %."
        + NATURE
    )
    assert "reaches 1,234 %" in said(50_000, 16, 470, -12.34)


def test_the_words_for_a_run_that_ends_in_ejection() -> None:
    assert said(1_000_000, 16, 470, -1.7, ejected=61_364) == (
        "The first 470 of 1,000,000 steps can be trusted to 5 %, the first 16 to 1 %. "
        "By step 61,364 the satellite has left the planet for good; on the exact orbit it would go round for ever."
        + NATURE
    )


def test_the_distances_from_the_exact_orbit_are_merged_over_segments() -> None:
    final = walk(start(0), 10)
    assert Verdict.of(final, [(0.5, 0.1), (2.0, 0.2), (1.0, 0.3)]).kepler == (2.0, 0.3)
    assert Verdict.of(final, [(0.5, 0.1), None]).kepler == (0.5, 0.1)
