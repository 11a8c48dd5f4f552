"""How far a run can be trusted, in numbers and in words: the default model is a faithful toy, and users are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from porta.checkpoint import NEVER, Checkpoint


@dataclass(frozen=True)
class Verdict:
    """How far a run can be trusted. Distances in the model's length unit (it starts 0.9 from the planet)."""

    steps: int
    trusted1: int
    """Steps before the one in which the energy error first exceeds 1 %."""
    trusted5: int
    ejected: int | None
    """First step in which the satellite is unbound and farther than 10 from the planet."""
    largest_error: float
    """E/E0 − 1 of greatest magnitude."""
    last_error: float
    kepler: tuple[float, float]
    """Greatest and last distance from the exact orbit."""

    @classmethod
    def of(cls, final: Checkpoint, kepler: Sequence[tuple[float, float] | None]) -> Verdict:
        """Sum up a run from its last checkpoint and its segments' distances from the exact orbit."""
        state = final.state[0]
        trusted1, trusted5 = (final.step if step == NEVER else int(step) - 1 for step in state["exceeded"])
        known = [distances for distances in kepler if distances is not None]
        return cls(
            steps=final.step,
            trusted1=trusted1,
            trusted5=trusted5,
            ejected=None if state["ejected"] == NEVER else int(state["ejected"]),
            largest_error=float(state["largest_error"]),
            last_error=float(state["last_error"]),
            kepler=(max(largest for largest, _ in known), known[-1][1]),
        )

    def to_json(self) -> dict[str, Any]:
        """As in the summary."""
        return {
            "trusted1": self.trusted1,
            "trusted5": self.trusted5,
            "ejected": self.ejected,
            "energyError": {"largest": self.largest_error, "last": self.last_error},
            "kepler": {"largest": self.kepler[0], "last": self.kepler[1]},
            "words": self.words(),
        }

    @classmethod
    def from_json(cls, steps: int, verdict: Mapping[str, Any]) -> Verdict:
        """Read what `to_json` gave for a run of ``steps`` steps."""
        energy, kepler = verdict["energyError"], verdict["kepler"]
        return cls(
            steps=steps,
            **{name: verdict[name] for name in ("trusted1", "trusted5", "ejected")},
            largest_error=energy["largest"],
            last_error=energy["last"],
            kepler=(kepler["largest"], kepler["last"]),
        )

    def __str__(self) -> str:
        """As `words`."""
        return self.words()

    def _repr_html_(self) -> str:
        """For Jupyter: what a person reads first. The fields are in the representation."""
        return f"<p>{self.words()}</p>"

    def words(self) -> str:
        """In English, for a person."""
        whole = f"{self.steps:,}"
        if self.trusted1 == self.steps:
            which = "The one step" if self.steps == 1 else f"All {whole} steps"
            return f"{which} can be trusted to 1 %: the energy error is at most {percent(self.largest_error)}."
        if self.trusted5 == self.steps:
            return (
                f"All {whole} steps can be trusted to 5 %, the first {self.trusted1:,} of them to 1 %: "
                f"the energy error is at most {percent(self.largest_error)}."
            )
        trusted = (
            f"The first {self.trusted5:,} of {whole} steps can be trusted to 5 %, the first {self.trusted1:,} to 1 %."
        )
        if self.ejected is None:
            then = f"Later the energy error reaches {percent(self.largest_error)}."
        else:
            then = (
                f"By step {self.ejected:,} the satellite has left the planet for good; "
                "on the exact orbit it would go round for ever."
            )
        return f"{trusted} {then} {NATURE}"


NATURE: Final = "That is the model's nature, not a fault: its random time steps make the energy drift."


def percent(error: float) -> str:
    """Print the magnitude of an error or a share, for a person."""
    return f"{abs(error) * 100:.2g} %" if abs(error) < 1 else f"{abs(error) * 100:,.0f} %"
