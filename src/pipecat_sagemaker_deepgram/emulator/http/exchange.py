# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The exchange of one request, as its connection sees it."""

from collections.abc import Iterable
from typing import Protocol


class Exchange(Protocol):
    """Takes the body of a request, over either version of HTTP."""

    def data_received(self, data: bytes) -> None:
        """Takes body bytes."""

    def input_ended(self) -> None:
        """Takes the end of the body."""

    def stream_lost(self, reason: str) -> None:
        """Ends the exchange: the client reset the stream, or the connection is closed."""

    def output_paused(self, paused: bool) -> None:
        """Stops or resumes producing output, because the client reads too slowly or reads again."""


class Responder(Protocol):
    """Takes the response to a request, over either version of HTTP."""

    def respond(
        self, status: int, headers: Iterable[tuple[str, str]], *, body: bytes | None = None
    ) -> None:
        """Sends a whole response, or only its headers if no body is given."""
