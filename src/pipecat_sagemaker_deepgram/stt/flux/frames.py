# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speaker's turns as Pipecat's frames. Pure."""

from typing import Any

from pipecat.frames.frames import InterimTranscriptionFrame, TranscriptionFrame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnUpdated,
)

ENGLISH = "flux-general-en"
"""The model that understands only English; its messages name no language."""


def language_of(heard: HeardTurn, model: Any) -> Language | None:
    """The language spoken; ``None`` if Flux names none, or one that Pipecat does not know."""
    for code in heard.info.languages[:1]:
        try:
            return Language(code)
        except ValueError:
            return None
    return Language.EN if model == ENGLISH else None


def interim_frame(
    event: TurnUpdated, *, user_id: str, timestamp: str, model: Any
) -> InterimTranscriptionFrame:
    """Build the frame of a turn that is still open."""
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
    """Build the frame of a turn that has ended."""
    return TranscriptionFrame(
        event.transcript,
        user_id,
        timestamp,
        language_of(event.heard, model),
        result=result_of(event),
        finalized=event.is_committed,
    )


def result_of(event: TurnUpdated | EndPredicted | TurnEnded) -> dict[str, Any]:
    """The message behind an event, in session times, with the text of the whole turn.

    If the client ended the turn, its ``trigger`` is ``"client"``.
    """
    body: dict[str, Any] = dict(event.heard.body)
    if isinstance(event, TurnEnded) and event.is_ours:
        body |= {"event": "EndOfTurn", "trigger": "client"}
    return body | {"transcript": event.transcript}
