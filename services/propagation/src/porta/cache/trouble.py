"""Why Redis cannot be used, in words for a person: the table that the frontend and ``npm start`` read, too."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from redis import exceptions
from redis.connection import SSLConnection

if TYPE_CHECKING:
    import redis

QUOTED_CHARACTERS: Final = 120
"""How much of an error that the table does not know is quoted."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the cache.

    Attributes
    ----------
    name : of the row of the table, or "other"
    words : what is wrong, and the way out
    lasting : whether a person has to change something before another attempt can succeed
    """

    name: str
    words: str
    lasting: bool


def trouble_of(said: str, where: str) -> Trouble:
    """Say what an answer of Redis or the failure of a connection means; behind ``tls`` where that used TLS."""
    for row in _table():
        if re.search(row["match"], said):
            words = f"The cache at {where} {row['says']}. {row['wayOut']}"
            return Trouble(row["name"], words, row.get("lasting", False))
    return Trouble("other", f"The cache at {where} failed ({said[:QUOTED_CHARACTERS]}). Its log may say more.", False)


def trouble_with(client: redis.Redis, error: Exception) -> Trouble:
    """Say what an error of this client means."""
    to = client.connection_pool.connection_kwargs
    said = str(error) or type(error).__name__
    # The library takes the code away that Redis put first, and remembers it.
    code = getattr(error, "status_code", None)
    if code is not None:
        said = f"{code} {said}"
    elif isinstance(error, (exceptions.ConnectionError, exceptions.TimeoutError, OSError)) and issubclass(
        client.connection_pool.connection_class, SSLConnection
    ):
        said = f"tls {said}"
    return trouble_of(said, f"{to['host']}:{to['port']}")


@functools.cache
def _table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(files("porta").joinpath("redis-troubles.json").read_text())
    return rows
