"""One run has one key, and nothing but the plain text of numbers in range is a run."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.run import BadInput, Run


@given(st.integers(1, 9_999_999), st.integers(0, 2**53 - 1))
def test_a_run_is_read_from_its_own_text(steps: int, seed: int) -> None:
    assert Run.parse(str(steps), str(seed), 9_999_999) == Run(steps, seed)


@given(st.text(max_size=40))
def test_other_text_is_no_run(text: str) -> None:
    if not re.fullmatch("[1-9][0-9]{0,5}|1000000", text):
        with pytest.raises(BadInput) as error:
            Run.parse(text, None)
        assert error.value.name == "steps"
        assert len(error.value.value) <= 32


@given(st.text(max_size=40))
def test_other_text_is_no_seed(text: str) -> None:
    if not re.fullmatch("0|[1-9][0-9]{0,14}", text) and not (text.isascii() and text.isdigit() and len(text) == 16):
        with pytest.raises(BadInput):
            Run.parse("1", text)


def test_seeds_end_where_a_javascript_number_stops_being_exact() -> None:
    assert Run.parse("1", "9007199254740991").seed == 2**53 - 1
    with pytest.raises(BadInput):
        Run.parse("1", "9007199254740992")


def test_the_key_leaves_out_the_default_seed() -> None:
    assert (Run(500).key, Run(500, 7).key) == ("propagation/500", "propagation/500?seed=7")
    assert Run.parse("500", "0").key == Run.parse("500").key


def test_the_error_survives_the_way_from_a_worker() -> None:
    error = BadInput("steps", "x" * 99, "a number", "500")
    again = pickle.loads(pickle.dumps(error))
    assert (again.name, again.value, str(again)) == (error.name, error.value, str(error))
