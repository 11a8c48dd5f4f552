"""What can go wrong between a notebook and the platform, each in the words of a way out."""

from __future__ import annotations


class PlatformError(RuntimeError):
    """The platform did not give what was asked for. The message says what was tried, and what to do."""


class PlatformAway(PlatformError):  # noqa: N818  (said of the platform)
    """Redis or dispatch did not answer for as long as anybody should wait."""


class Starting(PlatformAway):
    """The scheduler is there and its dispatch is not yet: it is worth waiting for, also at first contact."""


class Refused(PlatformError):  # noqa: N818  (said of us)
    """Redis does not let this account in, or not at what was asked for."""


class VersionMismatch(PlatformError):  # noqa: N818  (says what is wrong)
    """Notebook and pool are not of the same release: they would not mean the same bytes."""


class NotComputed(PlatformError):  # noqa: N818  (said of the result)
    """The pool tried and gave up, or what it computed cannot be stored."""
