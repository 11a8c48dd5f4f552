"""What a request asks for, checked before anything else happens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from porta.run import BadInput, Run

ENGINE_PATTERN: Final = re.compile(r"[1-9][0-9]{0,8}")
NAMES: Final = ("seed", "engine")


@dataclass(frozen=True, slots=True)
class Request:
    """A run, and the engine that the asker speaks where it says so."""

    run: Run
    engine: int | None

    @classmethod
    def parse(cls, steps: str, query: str, max_steps: int) -> Request:
        """Read the last part of the path and the query, both as they came over the wire.

        Raises
        ------
        BadInput : anything but the canonical text of numbers in range, an unknown name, a name twice
        """
        given: dict[str, str] = {}
        for pair in filter(None, query.split("&")):
            name, _, value = pair.partition("=")
            name = _decode(name.replace("+", " "))
            if name not in NAMES:
                raise BadInput(name, _decode(value), "the query may name seed and engine", "?seed=7")
            if name in given:
                raise BadInput(name, _decode(value), f"{name} may be given once", f"?{name}=7")
            given[name] = _decode(value.replace("+", " "))
        run = Run.parse(_decode(steps), given.get("seed"), max_steps)
        engine = given.get("engine")
        if engine is not None and not ENGINE_PATTERN.fullmatch(engine):
            raise BadInput("engine", engine, "a whole number from 1", "1")
        return cls(run, int(engine) if engine is not None else None)


def _decode(text: str) -> str:
    """Undo percent-encoding. What is no UTF-8 becomes U+FFFD, which no pattern lets through."""
    return unquote_to_bytes(text).decode("utf-8", "replace")
