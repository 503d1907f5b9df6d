# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speaker's turns as Pipecat's frames. Pure."""

from bisect import bisect_right
from typing import Any

from pipecat.frames.frames import InterimTranscriptionFrame, TranscriptionFrame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.turn_events import (
    EndPredicted,
    Heard,
    TurnEnded,
    TurnUpdated,
)

ENGLISH = "flux-general-en"
"""The model that knows English only, and does not say so."""

MOST_SPEAKERS = 100
"""Changes of speaker that are remembered; no audio is listened to so late."""


def language_of(heard: Heard, model: Any) -> Language | None:
    """The language spoken; ``None`` when none is named, or one that Pipecat does not know."""
    for code in heard.info.languages[:1]:
        try:
            return Language(code)
        except ValueError:
            return None
    return Language.EN if model == ENGLISH else None


def interim_frame(
    event: TurnUpdated, *, user_id: str, timestamp: str, model: Any
) -> InterimTranscriptionFrame:
    """The frame of a turn that goes on."""
    return InterimTranscriptionFrame(
        event.transcript,
        user_id,
        timestamp,
        language_of(event.heard, model),
        result=result_of(event),
    )


def final_frame(
    event: TurnEnded, *, user_id: str, timestamp: str, model: Any
) -> TranscriptionFrame:
    """The frame of a turn that has ended."""
    return TranscriptionFrame(
        event.transcript,
        user_id,
        timestamp,
        language_of(event.heard, model),
        result=result_of(event),
        finalized=event.is_committed,
    )


def result_of(event: TurnUpdated | EndPredicted | TurnEnded) -> dict[str, Any]:
    """The message that told it, in session times, with the text of the whole turn.

    A turn that was ended on this side has ``"client"`` for its ``trigger``.
    """
    body: dict[str, Any] = dict(event.heard.body or {})
    if isinstance(event, TurnEnded) and event.is_ours:
        body |= {"event": "EndOfTurn", "trigger": "client"}
    return body | {"transcript": event.transcript}


class SpeakerLog:
    """Who was speaking when, in session seconds."""

    def __init__(self) -> None:
        self._starts: list[float] = []
        self._users: list[str] = []

    def note(self, user_id: str, position: float) -> None:
        """Take note of whose audio begins at a position."""
        if self._users and self._users[-1] == user_id:
            return
        self._starts.append(position)
        self._users.append(user_id)
        del self._starts[:-MOST_SPEAKERS], self._users[:-MOST_SPEAKERS]

    def at(self, position: float) -> str:
        """Whose audio lies at a position."""
        index = bisect_right(self._starts, position) - 1
        return self._users[max(0, index)] if self._users else ""
