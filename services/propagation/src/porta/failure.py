"""How a computation can fail, in the words a user will read and with the HTTP status a client should see."""

from __future__ import annotations

from typing import Final

RETRYABLE: Final = 503
CANNOT_BE_STORED: Final = 507


class Failure(Exception):  # noqa: N818  (its kinds say what failed)
    """A computation did not come to a result. Travels from a worker to dispatch, so it pickles.

    Attributes
    ----------
    reason : what happened, and the way out, in words for a person
    retryable : whether asking again, unchanged, may succeed
    status : the HTTP status for it, 503 or 507
    """

    retryable = True
    status = RETRYABLE

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class CacheAway(Failure):
    """Redis did not answer, or refused us, for as long as a task is willing to wait."""


class CacheLost(Failure):
    """What was written is no longer there: Redis was restarted, emptied, or evicted the result while it was written."""


class Disagreement(Failure):
    """A part that was computed twice came out differently: by a defect, or by a processor that computes otherwise."""


class OtherEngine(Failure):
    """The pool speaks another engine than the asker, or is itself a mixture: a rollout is on its way."""


class CannotBeStored(Failure):
    """The result does not fit the cache, now or ever: asking again changes nothing."""

    retryable = False
    status = CANNOT_BE_STORED


class GaveUp(Failure):
    """The same computation failed three times."""

    retryable = False
