"""Connections over TLS that share a thread, and what one of them leaves behind.

Python with OpenSSL before 3.4 leaves nothing. The image's has 3.5: there this fails without `porta.tls_errors`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from services import Certificate
from tornado.iostream import SSLIOStream

from porta import tls_errors  # noqa: F401  importing it mends Tornado's streams


def _step(end: ssl.SSLSocket) -> bool:
    try:
        end.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


class Connections:
    """TLS connections within this process: a client's end and a server's each."""

    def __init__(self, directory: Path) -> None:
        own = Certificate.new(directory)
        self._server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.load_cert_chain(own.certificate, own.key)
        self._client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client.check_hostname = False
        self._client.load_verify_locations(own.authority)
        self.listener = socket.create_server(("127.0.0.1", 0))

    def open(self) -> tuple[ssl.SSLSocket, ssl.SSLSocket]:
        """A new one, its handshake done; neither end blocks."""
        client = socket.create_connection(self.listener.getsockname())
        server, _ = self.listener.accept()
        for end in (client, server):
            end.setblocking(False)
        ours = self._client.wrap_socket(client, do_handshake_on_connect=False)
        theirs = self._server.wrap_socket(server, server_side=True, do_handshake_on_connect=False)
        done = {ours: False, theirs: False}
        while not all(done.values()):
            done = {end: ended or _step(end) for end, ended in done.items()}
        return ours, theirs


@pytest.fixture
def connections(tmp_path: Path) -> Iterator[Connections]:
    connections = Connections(tmp_path)
    yield connections
    connections.listener.close()


def test_who_hangs_up_leaves_no_error_for_another_connection(connections: Connections) -> None:
    async def both() -> None:
        kept, gone = connections.open(), connections.open()
        healthy, broken = SSLIOStream(kept[1]), SSLIOStream(gone[1])
        await asyncio.gather(healthy.wait_for_handshake(), broken.wait_for_handshake())
        gone[0].close()
        for _ in range(3):
            with suppress(OSError):
                broken.write_to_fd(memoryview(b"who is there?"))
            # Nothing to read yet: that, and not the other one's failure.
            assert healthy.read_from_fd(bytearray(8)) is None
        kept[0].send(b"still me")
        heard = bytearray(8)
        while healthy.read_from_fd(heard) is None:
            await asyncio.sleep(0)
        assert heard == b"still me"
        healthy.close()
        broken.close()
        kept[0].close()

    asyncio.run(both())
