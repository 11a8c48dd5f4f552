"""What a request asks for, checked before anything else happens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic
from urllib.parse import unquote_to_bytes

from porta.request import R
from porta.run import BadInput

if TYPE_CHECKING:
    from porta.config import DispatchSettings
    from porta.dispatch.kinds.kind import Kind

ENGINE_PATTERN: Final = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Asked(Generic[R]):
    """A request, and the engine that the asker speaks where it says so."""

    request: R
    engine: int | None

    @classmethod
    def parse(cls, kind: Kind[R], path: str, query: str, settings: DispatchSettings) -> Asked[R]:
        """Read path and query, both as they came over the wire.

        Raises
        ------
        BadInput : anything but the canonical text of numbers in range, an unknown name, a name twice
        """
        given = _parse_query(query, (*kind.query, "engine"))
        engine = given.pop("engine", None)
        request = kind.parse([_decode(part) for part in path.split("/")[2:]], given, settings)
        if engine is not None and not ENGINE_PATTERN.fullmatch(engine):
            raise BadInput("engine", engine, "a whole number from 1", "1")
        return cls(request, int(engine) if engine is not None else None)


def _parse_query(query: str, names: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        name = _decode(name.replace("+", " "))
        if name not in names:
            raise BadInput(name, _decode(value), f"the query may name {' and '.join(names)}", "?seed=7")
        if name in given:
            raise BadInput(name, _decode(value), f"{name} may be given once", f"?{name}=7")
        given[name] = _decode(value.replace("+", " "))
    return given


def _decode(text: str) -> str:
    """Undo percent-encoding. What is no UTF-8 becomes U+FFFD, which no pattern lets through."""
    return unquote_to_bytes(text).decode("utf-8", "replace")
