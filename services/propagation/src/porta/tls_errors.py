"""Keeps what went wrong on one TLS connection from ending another one.

OpenSSL notes a failed system call in a queue of the thread's. Python raises it and leaves it there: `cpython#148594
<https://github.com/python/cpython/issues/148594>`_, seen with 3.13.5 and OpenSSL 3.5. The next read in that thread, on
whichever connection, that finds nothing to read yet then fails as the first one did: a healthy stream is closed with
*Broken pipe*. In a scheduler all connections share a thread: one that hung up ended the worker that just registered.

Importing this module mends Tornado's TLS streams, which are Dask's. It costs nothing until something fails, but a
fraction of a millisecond with each handshake.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from tornado.iostream import SSLIOStream

F = TypeVar("F", bound=Callable[..., Any])

_context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def clear() -> None:
    """Empty the thread's queue of errors. The `ssl` module has no call for it, but each handshake starts with that."""
    with suppress(ssl.SSLWantReadError):
        _context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=False, server_hostname="none").do_handshake()


def _clearing(method: F) -> F:
    """Empty the queue where the call of a stream fails. What Python raises as an `SSLError` it has taken out itself."""

    @functools.wraps(method)
    def call(*args: Any) -> Any:  # noqa: ANN401
        try:
            return method(*args)
        except ssl.SSLError:
            raise
        except OSError:
            clear()
            raise

    return call  # type: ignore[return-value]


def _clearing_after(method: F) -> F:
    """Empty the queue after the call: Tornado keeps to itself how a handshake failed."""

    @functools.wraps(method)
    def call(*args: Any) -> Any:  # noqa: ANN401
        try:
            return method(*args)
        finally:
            clear()

    return call  # type: ignore[return-value]


SSLIOStream.read_from_fd = _clearing(SSLIOStream.read_from_fd)  # type: ignore[method-assign]
SSLIOStream.write_to_fd = _clearing(SSLIOStream.write_to_fd)  # type: ignore[method-assign]
SSLIOStream._do_ssl_handshake = _clearing_after(SSLIOStream._do_ssl_handshake)  # type: ignore[method-assign]
