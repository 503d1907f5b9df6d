# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""A certificate authority made for one emulator, and the TLS context of its server."""

import ssl
import tempfile
from pathlib import Path

import trustme

HOST_NAMES = ("127.0.0.1", "::1", "localhost")
"""The names that the server's certificate is for."""


class Certificates:
    """A new authority and a server certificate; the authority's PEM lies in a temporary folder."""

    def __init__(self) -> None:
        authority = trustme.CA(organization_name="SageMaker endpoint emulator")
        self._folder = tempfile.TemporaryDirectory(prefix="sagemaker-emulator-")
        self.ca_bundle = Path(self._folder.name) / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_bundle))
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.server_context.set_alpn_protocols(["h2", "http/1.1"])
        authority.issue_cert(*HOST_NAMES).configure_cert(self.server_context)

    def remove(self) -> None:
        """Removes the temporary folder."""
        self._folder.cleanup()
