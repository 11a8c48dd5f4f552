"""The kinds of request that dispatch takes."""

from __future__ import annotations

from typing import Any, Final

from porta.dispatch.kinds.ensembles import Ensembles
from porta.dispatch.kinds.kind import Kind
from porta.dispatch.kinds.propagations import Propagations

KINDS: Final[tuple[Kind[Any], ...]] = (
    Propagations(),
    Ensembles(),
)
