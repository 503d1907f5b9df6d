# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the page shows of the speech-to-text connection. Pure."""

from dataclasses import asdict, dataclass, replace
from typing import Literal, Self


@dataclass(frozen=True, kw_only=True)
class ConnectionState:
    """State of the connection to the endpoint.

    Parameters:
        status: Whether a stream is up.
        detail: The last thing that happened, in words.
        streams_lost: Streams that broke so far.
        replayed_seconds: Audio that was sent again because of that.
    """

    status: Literal["connecting", "connected", "lost"] = "connecting"
    detail: str = "connecting"
    streams_lost: int = 0
    replayed_seconds: float = 0.0

    def connected(self) -> Self:
        """A stream is up."""
        return replace(self, status="connected", detail="connected")

    def disconnected(self) -> Self:
        """The stream was lost."""
        return replace(
            self, status="lost", detail="stream lost", streams_lost=self.streams_lost + 1
        )

    def reconnecting(self, attempt: int, delay: float) -> Self:
        """Another attempt will be made.

        Args:
            attempt: Its number.
            delay: Seconds until then.
        """
        return replace(self, detail=f"attempt {attempt} in {delay:.1f} s")

    def reconnected(self, replayed_seconds: float) -> Self:
        """A lost stream has been replaced.

        Args:
            replayed_seconds: Audio that was sent again.
        """
        return replace(
            self,
            detail=f"recovered, {replayed_seconds:.1f} s sent again",
            replayed_seconds=self.replayed_seconds + replayed_seconds,
        )

    def changed(self, reason: str) -> Self:
        """Another stream has taken over without a loss.

        Args:
            reason: Why.
        """
        return replace(self, detail=f"another stream took over: {reason}")

    def failed(self, error: str) -> Self:
        """No stream could be opened.

        Args:
            error: Why.
        """
        return replace(self, detail=error)

    def message(self) -> dict[str, object]:
        """What is sent to the page."""
        return {"kind": "connection", **asdict(self)}
