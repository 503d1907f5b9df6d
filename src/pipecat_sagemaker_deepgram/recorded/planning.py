# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether a recording is streamed or sent whole. Pure.

An endpoint of Deepgram's is one for streams or one for whole recordings, and refuses the other
(Deepgram docs, "Deploy Deepgram on Amazon SageMaker"). So a recording is streamed, until a stream
was refused before any had worked and a whole recording was taken.
"""

from dataclasses import dataclass
from typing import Literal

from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.transcript import Mode

type ModeWanted = Literal["auto", "stream", "sync"]
"""How recordings are to be sent; ``auto`` as the endpoint takes them."""

MAX_BODY_BYTES = 25 * 1024 * 1024
"""Most bytes of a request (AWS Developer Guide, "Real-time inference"; Deepgram docs)."""

ANSWERED_WITHIN = 60.0
"""Seconds within which a container must answer a request."""

FIRST_SPEED = 20.0
"""Times faster than real time that a container is taken to be of which nothing is known."""

_MARGIN = 0.8
"""Share of the time that an answer is expected to take at most."""

_TOO_LARGE = (
    "Split the recording, or use an endpoint that takes streams: they have no longest length."
)


@dataclass
class EndpointKnowledge:
    """What an endpoint has answered so far.

    Attributes:
        streams: Whether it takes streams; ``None`` while that is not known.
        requests: Whether it takes whole recordings; ``None`` likewise.
        speed: Times faster than real time at which it has answered the slowest request; ``None``
            where it has answered none.
        too_long: Seconds of a recording that it did not answer in time; infinite for none.
    """

    streams: bool | None = None
    requests: bool | None = None
    speed: float | None = None
    too_long: float = float("inf")

    def note_answer(self, seconds: float, took: float) -> None:
        """Take note that a request was answered.

        Args:
            seconds: Length of the recording.
            took: Seconds until the answer.
        """
        self.requests = True
        speed = seconds / max(took, 1e-3)
        self.speed = speed if self.speed is None else min(self.speed, speed)

    def note_refusal(self, error: SageMakerDeepgramError, seconds: float) -> None:
        """Take note that a request was refused.

        Args:
            error: How.
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
    """How the next recording is sent, as far as that follows from the endpoint.

    Args:
        wanted: What the user says.
        known: What the endpoint has answered.
        takes_requests: Whether the model can be sent whole recordings at all.

    Raises:
        RecordingError: The user wants what the model cannot do.
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
    """Why a recording is not to be sent whole; ``None`` where it is.

    Args:
        size: Bytes of the request.
        seconds: Length of the recording.
        known: What the endpoint has answered.
        can_stream: Whether it could be streamed instead: then one that might not be answered in
            time is; otherwise it is tried.
    """
    if size > MAX_BODY_BYTES:
        return RecordingError(
            f"{seconds / 60:.0f} minutes make a request of {size / 2**20:.1f} MiB, and SageMaker "
            f"takes {MAX_BODY_BYTES // 2**20}",
            advice=_TOO_LARGE,
        )
    if seconds >= known.too_long or (can_stream and not known.in_time(seconds)):
        return RecordingError(
            f"{seconds / 60:.0f} minutes are not transcribed within the {ANSWERED_WITHIN:.0f} s "
            "that SageMaker waits",
            advice=_TOO_LARGE,
        )
    return None


def refuses_streams(error: SageMakerDeepgramError, known: EndpointKnowledge) -> bool:
    """Whether a stream that could not be opened may be of an endpoint for whole recordings.

    Args:
        error: Why it could not.
        known: What the endpoint has answered.
    """
    return isinstance(error, ModelUnavailableError) and known.streams is None


def timed_out(error: SageMakerDeepgramError) -> bool:
    """Whether the container did not answer a request in time: SageMaker gives 0 for its status.

    Args:
        error: How the request failed.
    """
    return isinstance(error, ModelUnavailableError) and error.original_status_code == 0


def is_worth_a_retry(error: SageMakerDeepgramError, *, is_retryable: bool) -> bool:
    """Whether a request is made again.

    A stream that is refused with 424 does not say why. A request does: a container that refuses
    what it was asked refuses it again, and one that was too slow is too slow again.

    Args:
        error: How it failed.
        is_retryable: What the session's policy makes of it.
    """
    if not isinstance(error, ModelUnavailableError):
        return is_retryable
    status = error.original_status_code
    is_final = status == 0 or (status is not None and 400 <= status < 500)
    return is_retryable and (not is_final or status in (408, 429))
