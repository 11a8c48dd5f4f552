"""Certificates for tests of TLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """Files in PEM: a certificate and its key, and the authority that has signed it."""

    certificate: str
    key: str
    authority: str

    @classmethod
    def new(cls, directory: Path) -> Certificate:
        authority = trustme.CA()
        issued = authority.issue_cert("127.0.0.1")
        paths = [directory / name for name in ("certificate.pem", "key.pem", "authority.pem")]
        issued.cert_chain_pems[0].write_to_path(paths[0])
        issued.private_key_pem.write_to_path(paths[1])
        authority.cert_pem.write_to_path(paths[2])
        return cls(*map(str, paths))
