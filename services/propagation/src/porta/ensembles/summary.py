"""What an ensemble comes to, in numbers and in words: how far its runs can be trusted, and how they end."""

from __future__ import annotations

from typing import Any

import numpy as np

from porta.checkpoint import NEVER
from porta.ensembles.bands import exact
from porta.ensembles.codes import ABSOLUTE_BOUND, RELATIVE_BOUND
from porta.ensembles.request import Ensemble
from porta.ensembles.sketch import Sketch
from porta.verdict import NATURE, percent


def summarise(ensemble: Ensemble, sketch: Sketch) -> dict[str, Any]:
    """Return what the summary says besides request, hash and sizes."""
    rows = sketch.rows
    ejected = np.sort(rows["ejected"][rows["ejected"] != NEVER])
    half = -(-sketch.runs // 2)
    closest = rows[np.argmin(rows["closest"])]  # the first of several: the least seed
    about: dict[str, Any] = {
        "trusted1": exact(rows["trusted1"]),
        "trusted5": exact(rows["trusted5"]),
        "ejected": {
            "runs": len(ejected),
            "share": len(ejected) / sketch.runs,
            "median": int(ejected[half - 1]) if len(ejected) >= half else None,
        },
        "closest": {
            "distance": float(closest["closest"]),
            "seed": int(closest["seed"]),
            "step": int(closest["closest_step"]),
            "quantiles": exact(rows["closest"]),
        },
        "largestError": exact(np.abs(rows["largest_error"])),
        "bound": {"relative": RELATIVE_BOUND, "absolute": ABSOLUTE_BOUND},
    }
    return {**about, "words": words(ensemble, about)}


def words(ensemble: Ensemble, about: dict[str, Any]) -> str:
    """In English, for a person: the same numbers as in the summary."""
    steps, runs = ensemble.steps, ensemble.runs
    which = f"{_count(runs, 'run') if runs > 1 else 'run'} of {_count(steps, 'step')}"
    if about["trusted1"]["min"] == steps:
        every = f"All {which}" if runs > 1 else f"The {which}"
        said = [f"{every} can be trusted to 1 %: the energy error is at most {percent(about['largestError']['max'])}."]
    else:
        first, fifth = (_steps(about[limit]["p50"], steps) for limit in ("trusted1", "trusted5"))
        if runs > 1:
            said = [f"Half of the {which} can be trusted to 1 % for {first} or more, to 5 % for {fifth} or more."]
        else:
            said = [f"The {which} can be trusted to 1 % for {first}, to 5 % for {fifth}."]
    said.append(_ejected(about["ejected"], runs))
    closest = about["closest"]
    where = f"in step {closest['step']:,} of seed {closest['seed']}"
    said.append(f"The closest approach of all is {closest['distance']:.2g}, {where}.")
    if about["trusted5"]["min"] < steps:
        said.append(NATURE)
    return " ".join(said)


def _ejected(ejected: dict[str, Any], runs: int) -> str:
    if ejected["runs"] == 0:
        return "No satellite leaves its planet for good by then."
    if runs == 1:
        return f"By step {ejected['median']:,} the satellite has left the planet for good."
    half = "" if ejected["median"] is None else f", half of all by step {ejected['median']:,}"
    return f"{_count(ejected['runs'], 'satellite')} ({percent(ejected['share'])}) left the planet for good{half}."


def _steps(trusted: int, steps: int) -> str:
    return f"all {steps:,} steps" if trusted == steps > 1 else _count(trusted, "step")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
