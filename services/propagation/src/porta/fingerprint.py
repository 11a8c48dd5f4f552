"""Which code this is: digits that change with any byte of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parent
"""Where this package lies."""


def fingerprint(files: Iterable[str | Path]) -> str:
    """Return sixteen hexadecimal digits of what these files of the package hold."""
    sources = hashlib.sha256()
    for file in files:
        sources.update((PACKAGE / file).read_bytes())
    return sources.hexdigest()[:16]
