# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A server of files by https, with a certificate of an authority that nobody trusts yet."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme


@dataclass(frozen=True)
class HttpsServer:
    """A running server.

    Attributes:
        url: Its address, without a path.
        authority: The certificate to trust.
    """

    url: str
    authority: Path


@contextmanager
def running_https(files: Mapping[str, bytes | str], folder: Path) -> Iterator[HttpsServer]:
    """Run a server.

    Args:
        files: What is behind each path: bytes, or the address of a redirect.
        folder: Where the certificate of its authority is written.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(files))
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield HttpsServer(f"https://127.0.0.1:{server.server_port}", folder / "authority.pem")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(files: Mapping[str, bytes | str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path)
            match content:
                case bytes():
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                case str():
                    self.send_response(302)
                    self.send_header("Location", content)
                    self.end_headers()
                case None:
                    self.send_error(404)

        def handle(self) -> None:
            try:
                super().handle()
            except ssl.SSLError:
                return  # The client does not trust the certificate.

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    return Handler
