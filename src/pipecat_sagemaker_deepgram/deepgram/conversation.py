# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a conversation with a container offers, whatever Deepgram's version. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol


class RecordFollower[S](Protocol):
    """Says what follows from a session's records and from time.

    Whoever owns it hands it each record of the client's in order, and carries out the steps that
    come back, in order.
    """

    def observe(self, record: Record, now: float) -> list[S]:
        """Take the next record in.

        Args:
            record: What has happened.
            now: The time, in seconds of any clock that is always the same.

        Returns:
            What follows.
        """
        ...

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        ...

    def handle_timer(self, now: float) -> list[S]:
        """Do what is due; may be called before anything is.

        Args:
            now: The time.

        Returns:
            What follows.
        """
        ...


class Conversation(RecordFollower[Any], Protocol):
    """Says what follows from a session's records, from time, and from what its user does.

    Whoever owns it has a client made with ``protocol``. The steps are those of ``deepgram.steps``.

    Attributes:
        protocol: What the container's messages mean for the session.
    """

    protocol: StreamProtocol

    def change_settings(self, previous: Mapping[str, Any], now: float) -> list[Any]:
        """Bring settings that have changed to the container.

        Args:
            previous: The values before, by the names of the settings.
            now: The time.

        Returns:
            What follows.
        """
        ...

    def muted(self, who: str, position: float) -> None:
        """The user is muted: no word said from here on is given out, whenever it comes.

        Args:
            who: Who mutes; several may.
            position: Session seconds of the audio given so far.
        """
        ...

    def unmuted(self, who: str, position: float) -> list[Any]:
        """Somebody mutes the user no longer.

        Args:
            who: Who has muted.
            position: Session seconds of the audio given so far.

        Returns:
            What follows.
        """
        ...
