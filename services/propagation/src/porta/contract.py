"""The numbers that both languages share, from ``contract.json`` beside this file."""

import json
from pathlib import Path
from typing import Final

_contract: dict[str, int] = json.loads(Path(__file__).with_name("contract.json").read_text())

ENGINE: Final = _contract["engine"]
"""Rises only when bytes of a result change: a reader takes nothing of another engine."""

SEGMENT_STEPS: Final = _contract["segmentSteps"]
"""Steps between two checkpoints. Cuts lie at its multiples, so segments can be shared by runs of any length."""

MAX_STEPS: Final = _contract["maxSteps"]
"""Default upper limit of a request, in steps."""

MAX_SEED: Final = _contract["maxSeed"]
"""2⁵³ − 1: every seed is exact in a JavaScript number."""

MAX_RUNS: Final = _contract["maxRuns"]
"""Default upper limit of an ensemble, in runs."""

MAX_ENSEMBLE_STEPS: Final = _contract["maxEnsembleSteps"]
"""Default upper limit of an ensemble, in steps of all its runs together: a minute or two of two cores."""
