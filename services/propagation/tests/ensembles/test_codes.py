from __future__ import annotations

import sys
from math import inf, nextafter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porta.ensembles.codes import ABSOLUTE_BOUND, CODES, NONE, RELATIVE_BOUND, ZERO, code, middles

from . import oracle

MIDDLES = middles()
LARGEST = 2.0**40 - 2.0**30
"""From here on all have the last code."""

NUMBERS = st.floats(allow_nan=False) | st.floats(-10, 10) | st.floats(-1e-6, 1e-6)


@given(value=NUMBERS)
@example(value=2.0**-24)
@example(value=nextafter(2.0**-24, 0))
@example(value=LARGEST)
@example(value=sys.float_info.max)
def test_a_code_is_what_the_contract_says(value: float) -> None:
    assert code(value) == (oracle.code(value) if abs(value) < inf else ZERO + (1 if value > 0 else -1) * 32767)


@given(a=NUMBERS, b=NUMBERS)
def test_codes_are_in_the_order_of_their_values(a: float, b: float) -> None:
    assert (code(a) <= code(b)) or a > b


@given(value=NUMBERS.filter(lambda value: abs(value) < LARGEST))
@example(value=nextafter(LARGEST, 0))
@example(value=-nextafter(2.0**-24, 0))
@example(value=1 + 2.0**-9)
@example(value=nextafter(1, 0))
def test_the_middle_of_a_code_s_range_is_within_the_bound_of_every_value_in_it(value: float) -> None:
    assert abs(MIDDLES[code(value)] - value) <= max(RELATIVE_BOUND * abs(value), ABSOLUTE_BOUND)


@given(value=NUMBERS)
def test_codes_are_symmetric_about_zero_and_none_of_a_value_says_that_there_is_none(value: float) -> None:
    assert code(value) + code(-value) == 2 * ZERO
    assert NONE < code(value) < CODES


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-9, -1e-9])
def test_what_is_too_small_to_matter_is_zero(value: float) -> None:
    assert code(value) == ZERO
    assert MIDDLES[ZERO] == 0.0


def test_every_code_s_middle_has_that_code() -> None:
    assert [code(middle) for middle in MIDDLES[1:].tolist()] == list(range(1, CODES))
    assert np.isnan(MIDDLES[NONE])
    assert (np.diff(MIDDLES[1:]) > 0).all()
