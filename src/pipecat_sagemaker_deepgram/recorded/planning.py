# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decides whether a recording is streamed or sent as a whole. Pure.

A Deepgram endpoint accepts either streams or whole recordings, and refuses the other (Deepgram
docs, "Deploy Deepgram on Amazon SageMaker"). Recordings are therefore streamed until a stream is
refused before any has worked, and a whole recording is accepted.
"""

from dataclasses import dataclass
from typing import Literal

from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.transcript import Mode

type ModeWanted = Literal["auto", "stream", "sync"]
"""How to send recordings; ``auto`` for what the endpoint accepts."""

MAX_BODY_BYTES = 25 * 1024 * 1024
"""Maximum bytes of a request (AWS Developer Guide, "Real-time inference"; Deepgram docs)."""

ANSWERED_WITHIN = 60.0
"""Seconds within which a container must answer a request."""

FIRST_SPEED = 20.0
"""Assumed factor by which a container is faster than real time until it has answered."""

_MARGIN = 0.8
"""Maximum share of that time that an answer is expected to take."""

_TOO_LARGE = (
    "Split the recording, or use an endpoint that accepts streams, whose length is not limited."
)


@dataclass
class EndpointKnowledge:
    """What is known about an endpoint from its answers so far.

    Attributes:
        streams: Whether it accepts streams; ``None`` if unknown.
        requests: Whether it accepts whole recordings; ``None`` if unknown.
        speed: Factor faster than real time of the slowest request that it answered; ``None`` if it
            has answered none.
        too_long: Seconds of the shortest recording that it did not answer in time; infinite for
            none.
    """

    streams: bool | None = None
    requests: bool | None = None
    speed: float | None = None
    too_long: float = float("inf")

    def note_answer(self, seconds: float, took: float) -> None:
        """Record that a request was answered.

        Args:
            seconds: Length of the recording.
            took: Seconds until the answer.
        """
        self.requests = True
        speed = seconds / max(took, 1e-3)
        self.speed = speed if self.speed is None else min(self.speed, speed)

    def note_refusal(self, error: SageMakerDeepgramError, seconds: float) -> None:
        """Record that a request was refused.

        Args:
            error: The error.
            seconds: Length of the recording.
        """
        if timed_out(error):
            self.too_long = min(self.too_long, seconds)

    def in_time(self, seconds: float) -> bool:
        """Whether a request with a recording is expected to be answered in time.

        Args:
            seconds: Length of the recording.
        """
        speed = self.speed or FIRST_SPEED
        return seconds < self.too_long and seconds / speed < ANSWERED_WITHIN * _MARGIN


def choose(wanted: ModeWanted, known: EndpointKnowledge, *, takes_requests: bool) -> Mode:
    """Choose how the next recording is sent, by what is known about the endpoint.

    Args:
        wanted: What the user wants.
        known: What is known about the endpoint.
        takes_requests: Whether the model accepts whole recordings at all.

    Raises:
        RecordingError: The model does not support what the user wants.
    """
    if wanted == "sync" and not takes_requests:
        raise RecordingError(
            "Deepgram Flux accepts streams only", advice="Use --mode stream, or a model of Nova."
        )
    if wanted != "auto":
        return wanted
    is_batch = known.requests is True and known.streams is not True
    return "sync" if is_batch and takes_requests else "stream"


def why_not_whole(
    size: int, seconds: float, known: EndpointKnowledge, *, can_stream: bool
) -> RecordingError | None:
    """Why a recording cannot be sent as a whole; ``None`` if it can.

    Args:
        size: Bytes of the request.
        seconds: Length of the recording.
        known: What is known about the endpoint.
        can_stream: Whether it can be streamed instead; if so, one that may not be answered in time
            is not sent.
    """
    if size > MAX_BODY_BYTES:
        return RecordingError(
            f"{seconds / 60:.0f} minutes make a request of {size / 2**20:.1f} MiB, but SageMaker "
            f"accepts at most {MAX_BODY_BYTES // 2**20} MiB",
            advice=_TOO_LARGE,
        )
    if seconds >= known.too_long or (can_stream and not known.in_time(seconds)):
        return RecordingError(
            f"{seconds / 60:.0f} minutes cannot be transcribed within the {ANSWERED_WITHIN:.0f} s "
            "for which SageMaker waits",
            advice=_TOO_LARGE,
        )
    return None


def refuses_streams(error: SageMakerDeepgramError, known: EndpointKnowledge) -> bool:
    """Whether an endpoint may have refused a stream because it accepts whole recordings only.

    Args:
        error: Why the stream could not be opened.
        known: What is known about the endpoint.
    """
    return isinstance(error, ModelUnavailableError) and known.streams is None


def timed_out(error: SageMakerDeepgramError) -> bool:
    """Whether the container did not answer a request in time: SageMaker reports its status as 0.

    Args:
        error: Why the request failed.
    """
    return isinstance(error, ModelUnavailableError) and error.original_status_code == 0


def is_worth_a_retry(error: SageMakerDeepgramError, *, is_retryable: bool) -> bool:
    """Whether to retry a request.

    The 424 of a stream does not say why it was refused; that of a request does. A container that
    refused a request will refuse it again, and one that was too slow will be too slow again.

    Args:
        error: Why it failed.
        is_retryable: Whether the session's policy would retry it.
    """
    if not isinstance(error, ModelUnavailableError):
        return is_retryable
    status = error.original_status_code
    is_final = status == 0 or (status is not None and 400 <= status < 500)
    return is_retryable and (not is_final or status in (408, 429))
