# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface of a conversation with a container, for every Deepgram version. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol


class RecordFollower[S](Protocol):
    """Decides what follows from a session's records and from the passing of time.

    Its owner passes it each of the client's records in order, and carries out the steps that it
    returns, in order.
    """

    def observe(self, record: Record, now: float) -> list[S]:
        """Process the next record.

        Args:
            record: What has happened.
            now: The time in seconds, always of the same clock.

        Returns:
            The steps that follow.
        """
        ...

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        ...

    def handle_timer(self, now: float) -> list[S]:
        """Do what is due; may also be called when nothing is.

        Args:
            now: The time.

        Returns:
            The steps that follow.
        """
        ...


class Conversation(RecordFollower[Any], Protocol):
    """Decides what follows from a session's records, from time, and from what its user does.

    Its owner creates the client with ``protocol``. ``deepgram.steps`` defines the steps.

    Attributes:
        protocol: What the container's messages mean for the session.
    """

    protocol: StreamProtocol

    def change_settings(self, previous: Mapping[str, Any], now: float) -> list[Any]:
        """Apply changed settings in the container.

        Args:
            previous: The previous values, by the names of the settings.
            now: The time.

        Returns:
            The steps that follow.
        """
        ...

    def muted(self, who: str, position: float) -> None:
        """Mute the user: words said from now on are not reported, whenever they arrive.

        Args:
            who: Who mutes the user; several parties may.
            position: Session seconds of the audio given so far.
        """
        ...

    def unmuted(self, who: str, position: float) -> list[Any]:
        """End one party's mute of the user.

        Args:
            who: Who muted the user.
            position: Session seconds of the audio given so far.

        Returns:
            The steps that follow.
        """
        ...
