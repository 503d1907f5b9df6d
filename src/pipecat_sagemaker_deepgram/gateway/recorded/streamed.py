# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streaming a recording faster than in real time, with the response of a request."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.recorded.requests import EndpointRequests
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query, endpoint_refusal
from pipecat_sagemaker_deepgram.recorded import (
    RecordedSettings,
    RecordingError,
    RecordingTranscriber,
    Segment,
    Transcript,
)
from pipecat_sagemaker_deepgram.web.errors import RequestError

_OF_RECORDINGS = frozenset(
    [
        *("paragraphs", "utt_split", "measurements", "summarize", "topics", "intents"),
        *("sentiment", "detect_language", "custom_topic", "custom_topic_mode"),
        *("custom_intent", "custom_intent_mode"),
    ]
)
"""Parameters that only a request supports."""

_OF_AUDIO = frozenset(["encoding", "sample_rate", "channels", "multichannel"])
_APART = frozenset(["model", "language", "keyterm", "utterances"])


class StreamedRecordings:
    """Streams recordings.

    Args:
        options: How to reach endpoints.
        requests: Finds the endpoints of a model.
    """

    def __init__(self, options: GatewayOptions, requests: EndpointRequests) -> None:
        self._options = options
        self._requests = requests

    async def transcribe(self, request: RecordingRequest) -> dict[str, Any]:
        """Transcribe a recording.

        Args:
            request: The recording and its parameters.

        Returns:
            The response that Deepgram gives to a request with a recording.

        Raises:
            RequestError: It cannot be transcribed.
        """
        parameters = request.parameters
        if wanted := _OF_RECORDINGS & parameters.keys():
            raise bad_query(
                f"{', '.join(sorted(wanted))}: not available, because this recording must be "
                "streamed: it is too large for a request, or the endpoint accepts streams only"
            )
        if one(parameters, "encoding"):
            raise bad_query("a recording that must be streamed needs a header")
        try:
            transcript = await self._stream(request)
        except RecordingError as error:
            raise RequestError(
                HTTPStatus.BAD_REQUEST, "Bad Request", f"Bad Request: {error}"
            ) from error
        except SageMakerDeepgramError as error:
            is_known = self._requests.knows(request.model)
            raise endpoint_refusal(error, has_known_model=is_known) from error
        return write_answer(transcript, request)

    async def _stream(self, request: RecordingRequest) -> Transcript:
        parameters = request.parameters
        first, *others = self._requests.targets(request.model)
        options = {**self._options.connection, "targets": others}
        if first.endpoint_url is not None:
            options["endpoint_url"] = first.endpoint_url
        settings = RecordedSettings(
            model=request.model,
            language=one(parameters, "language") or None,
            keyterms=tuple(parameters.get("keyterm", ())),
            parameters=_of_stream(parameters),
        )
        async with RecordingTranscriber(
            first.endpoint_name,
            first.region,
            settings=settings,
            mode="stream",
            split_channels=one(parameters, "multichannel") == "true",
            **options,  # pyright: ignore[reportArgumentType]
        ) as transcriber:
            return await transcriber.transcribe(request.body)


def write_answer(transcript: Transcript, request: RecordingRequest) -> dict[str, Any]:
    """Write a transcript as a response of Deepgram.

    Args:
        transcript: The transcript.
        request: The request.
    """
    channels = _by_channel(transcript)
    results: dict[str, Any] = {"channels": [_channel(segments) for segments in channels]}
    if one(request.parameters, "utterances") == "true":
        results["utterances"] = [_utterance(each) for each in transcript.segments]
    return {
        "metadata": {
            "transaction_key": "deprecated",
            "sha256": hashlib.sha256(request.body).hexdigest(),
            "created": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "duration": transcript.seconds,
            "channels": len(channels),
            "models": [],
            "model_info": {},
        },
        "results": results,
    }


def _of_stream(parameters: Parameters) -> dict[str, Any]:
    left_out = _APART | _OF_AUDIO
    written: dict[str, Any] = {
        name: list(values) for name, values in parameters.items() if name not in left_out
    }
    return {"punctuate": None} | written


def _by_channel(transcript: Transcript) -> Sequence[Sequence[Segment]]:
    count = max((each.channel or 0 for each in transcript.segments), default=0) + 1
    return [
        [each for each in transcript.segments if (each.channel or 0) == index]
        for index in range(count)
    ]


def _channel(segments: Sequence[Segment]) -> dict[str, Any]:
    words = [word for segment in segments for word in _words(segment)]
    return {
        "alternatives": [
            {
                "transcript": " ".join(segment.text for segment in segments),
                "confidence": _mean([word["confidence"] for word in words]),
                "words": words,
            }
        ]
    }


def _utterance(segment: Segment) -> dict[str, Any]:
    words = _words(segment)
    return {
        "start": segment.start,
        "end": segment.end,
        "confidence": _mean([word["confidence"] for word in words]),
        "channel": segment.channel or 0,
        "transcript": segment.text,
        "words": words,
        "id": f"{segment.channel or 0}-{segment.start:.3f}",
    }


def _words(segment: Segment) -> list[dict[str, Any]]:
    return [
        {
            "word": word.text.lower().strip(".,?!;:"),
            "start": word.start,
            "end": word.end,
            "confidence": word.confidence or 0.0,
            "punctuated_word": word.text,
        }
        | ({} if word.speaker is None else {"speaker": word.speaker})
        for word in segment.words
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
