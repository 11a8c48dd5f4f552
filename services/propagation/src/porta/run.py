"""A run that may be asked for: a number of steps and a seed, checked, and the one key everything else derives from.

The same rules hold in the frontend (TypeScript); both take their limits from ``contract.json``. What passes here is
the canonical text of its number: no sign, no leading zero, no exponent, ASCII digits only. So one run has one key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from porta.contract import MAX_SEED, MAX_STEPS

STEPS_PATTERN: Final = re.compile(r"[1-9][0-9]{0,6}")
SEED_PATTERN: Final = re.compile(r"0|[1-9][0-9]{0,15}")

QUOTED_CHARACTERS: Final = 32
"""An error quotes at most so much of the input: enough to recognise it, too little to misuse the answer."""


class BadInput(ValueError):  # noqa: N818  (said of the request)
    """A value that is not allowed, of whatever is asked for. Says which, what would be, and gives an example.

    Attributes
    ----------
    name : the parameter ("steps", "seed", "runs", "quantity", "engine", or an unknown one)
    value : what was given, at most 32 characters of it
    allowed : in words, what would be accepted
    example : a request that works
    """

    def __init__(self, name: str, value: str, allowed: str, example: str) -> None:
        self.name = quote(name)
        self.value = quote(value)
        self.allowed = allowed
        self.example = example
        super().__init__(f"{self.name} {self.value!r} is not allowed: {allowed}, for example {example}")

    def __reduce__(self) -> tuple[type[BadInput], tuple[str, str, str, str]]:
        """Pickles by its own arguments; an exception's default would pass the message alone."""
        return type(self), (self.name, self.value, self.allowed, self.example)


def quote(text: str) -> str:
    """At most 32 characters of ``text``, an ellipsis as the last of them where something was cut."""
    return text if len(text) <= QUOTED_CHARACTERS else text[: QUOTED_CHARACTERS - 1] + "…"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the model: its first ``steps`` steps, with the random steps that follow from ``seed``."""

    steps: int
    seed: int = 0

    def __post_init__(self) -> None:  # noqa: D105
        if self.steps < 1:
            raise BadInput("steps", str(self.steps), "a whole number from 1", "500")
        if not 0 <= self.seed <= MAX_SEED:
            raise BadInput("seed", str(self.seed), f"a whole number from 0 to {MAX_SEED}", "7")

    @property
    def key(self) -> str:
        """The path and the query without defaults: Redis key, stem of the Dask keys, and route in one."""
        return f"propagation/{self.steps}" + (f"?seed={self.seed}" if self.seed else "")

    def numbers(self) -> dict[str, int]:
        """Return what it is made of, in the order in which results name it."""
        return {"seed": self.seed, "steps": self.steps}

    @classmethod
    def parse(cls, steps: str, seed: str | None = None, max_steps: int = MAX_STEPS) -> Run:
        """Check what came over the wire.

        Parameters
        ----------
        steps : the text of the path, decoded
        seed : the text of the query's ``seed``, or None where there is none
        max_steps : the most steps this installation computes

        Raises
        ------
        BadInput : where either is anything but the canonical text of a number in range
        """
        if not STEPS_PATTERN.fullmatch(steps) or int(steps) > max_steps:
            raise BadInput("steps", steps, f"a whole number from 1 to {max_steps}, in plain digits", "500")
        if seed is None:
            return cls(int(steps))
        if not SEED_PATTERN.fullmatch(seed) or int(seed) > MAX_SEED:
            raise BadInput("seed", seed, f"a whole number from 0 to {MAX_SEED}, in plain digits", "7")
        return cls(int(steps), int(seed))
