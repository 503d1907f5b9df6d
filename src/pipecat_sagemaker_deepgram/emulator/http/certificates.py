# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""A certificate authority made for one emulator, and the TLS context of its server."""

import ssl
from collections.abc import Sequence
from pathlib import Path

import trustme

from pipecat_sagemaker_deepgram.emulator.http.folders import TemporaryFolder

HOST_NAMES = ("127.0.0.1", "::1", "localhost")
"""The names that every server certificate covers."""


class Certificates:
    """A new authority and a server certificate.

    Attributes:
        ca_bundle: The authority's PEM file, in a temporary folder.
        server_context: The TLS context of the server.
    """

    def __init__(self, host_names: Sequence[str] = ()) -> None:
        """Makes the authority and the certificate.

        Args:
            host_names: Names that the certificate covers besides ``HOST_NAMES``.
        """
        authority = trustme.CA(organization_name="SageMaker endpoint emulator")
        self._folder = TemporaryFolder()
        self.ca_bundle = self._folder.path / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_bundle))
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.server_context.set_alpn_protocols(["h2", "http/1.1"])
        authority.issue_cert(*HOST_NAMES, *host_names).configure_cert(self.server_context)

    @property
    def trust_store(self) -> Path:
        """A PEM file with the authority and all that this machine trusts.

        It is for programs that accept one file instead of the system's certificates.
        """
        path = self._folder.path / "trust.pem"
        if not path.exists():
            path.write_text(self.ca_bundle.read_text() + _usual_authorities())
        return path

    def remove(self) -> None:
        """Removes the temporary folder."""
        self._folder.remove()


def _usual_authorities() -> str:
    context = ssl.create_default_context()
    return "".join(
        ssl.DER_cert_to_PEM_cert(each) for each in context.get_ca_certs(binary_form=True)
    )
