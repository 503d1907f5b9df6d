# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/speak and v2/speak messages mean for the session. Pure.

A session that speaks sends text and keeps no audio. A ``SpokenText`` knows which text a lost stream
has not spoken. All messages have the same kind, so that the session forgets them when another
stream comes up; the ``SpokenText`` then sends again what that stream needs.
"""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Greeting,
    NewStream,
    Reader,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.json_object import NoObjectError, read_object
from pipecat_sagemaker_deepgram.deepgram.messages import what_happened

AURA_PATH = "v1/speak"
FLUX_TTS_PATH = "v2/speak"

SPEECH_KIND = "Speech"
"""Kind of every control of a session that speaks."""

CLOSE = '{"type":"Close"}'
"""Asks for the remaining text to be spoken, then the stream's end (Deepgram docs, "Close")."""


def speak_protocol(path: str, query: Callable[[], str]) -> StreamProtocol:
    """Describe v1/speak or v2/speak to the client.

    Args:
        path: ``AURA_PATH`` or ``FLUX_TTS_PATH``.
        query: Returns the query string of the next stream.
    """
    return StreamProtocol(
        invocation_path=path,
        query=query,
        new_reader=_new_reader,
        greeting=_Forgetting().greeting,
        close_payload=CLOSE,
    )


class _Forgetting:
    """Sends what is waiting to the first stream, and none of it to a later one."""

    def __init__(self) -> None:
        self._is_first = True

    def greeting(self, stream: NewStream) -> Greeting:
        is_first, self._is_first = self._is_first, False
        return Greeting() if is_first else Greeting(forgets=(SPEECH_KIND,))


def _new_reader() -> Reader:
    return _read


def _read(data: str | bytes) -> Reading:
    if isinstance(data, bytes) or '"Error"' not in data:
        return Reading()
    try:
        body = read_object(data)
    except NoObjectError:
        return Reading()
    if body.get("type") != "Error":
        return Reading()
    code, text = what_happened(body, "code", "variant")
    return Reading(failure=f"Deepgram reports {code or 'Error'}", details=text)
