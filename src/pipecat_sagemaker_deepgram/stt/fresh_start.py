# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Resets the state that Pipecat's own classes keep after a pipeline has ended.

Pipecat intends a processor for one pipeline. When it is used in another one, it is still muted or
speaking if it was at the end of the first, and after a cancellation it never accepts a frame again.
"""

from asyncio import Queue
from typing import Any

_AT_THE_BEGINNING: dict[str, Any] = {
    "_cancelling": False,
    "_muted": False,
    "_user_id": "",
    "_user_speaking": False,
    "_finalize_pending": False,
    "_finalize_requested": False,
    "_last_transcript_time": 0,
    "_stt_usage_pending_seconds": 0.0,
    "_can_reconnect": True,
    "_need_reconnect": False,
    "_eager_end_of_turn_pending": False,
}
"""Initial values of attributes of Pipecat's ``FrameProcessor``, ``STTService`` and eager mixin."""

_QUEUES = ("_FrameProcessor__input_queue", "_FrameProcessor__process_queue")


def forget_state(processor: object) -> None:
    """Reset these attributes of a processor, if it has them, to their initial values.

    Args:
        processor: A processor that is about to be set up.
    """
    for name, value in _AT_THE_BEGINNING.items():
        if hasattr(processor, name):
            setattr(processor, name, value)


def drop_queued_frames(processor: object) -> None:
    """Drop the frames that a cancelled pipeline left in a processor.

    Args:
        processor: A processor whose tasks have ended.
    """
    for name in _QUEUES:
        queue = getattr(processor, name, None)
        while isinstance(queue, Queue) and not queue.empty():
            queue.get_nowait()
