# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session wants done. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import Target


@dataclass(frozen=True)
class OpenStream:
    """Open a stream, then say ``stream_opened`` or ``stream_failed``.

    Parameters:
        stream: The number it gets.
        target: Where to.
        needs_fresh_credentials: Whether its credentials have to be resolved anew.
    """

    stream: int
    target: Target
    needs_fresh_credentials: bool


@dataclass(frozen=True)
class EndInput:
    """End a stream's input behind everything that was taken for it.

    Parameters:
        stream: Its number.
    """

    stream: int


@dataclass(frozen=True)
class DropStream:
    """Drop a stream at once; nothing it says counts any more.

    Parameters:
        stream: Its number.
    """

    stream: int


type Action = OpenStream | EndInput | DropStream
