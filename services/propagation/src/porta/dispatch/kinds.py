"""The kinds of request that dispatch takes."""

from __future__ import annotations

from typing import Any, Final

from porta.dispatch.ensembles import Ensembles
from porta.dispatch.kind import Kind
from porta.dispatch.propagations import Propagations

KINDS: Final[tuple[Kind[Any], ...]] = (
    Propagations(),
    Ensembles(),
)
