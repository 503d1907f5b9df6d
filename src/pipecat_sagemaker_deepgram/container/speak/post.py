# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech in the response to a POST: v1/speak and v2/speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import numpy as np

from pipecat_sagemaker_deepgram.container.engine import Engine
from pipecat_sagemaker_deepgram.container.http.status import Activity, Kind
from pipecat_sagemaker_deepgram.container.http.submission import JSON, Submission
from pipecat_sagemaker_deepgram.container.speak.encoding import encode
from pipecat_sagemaker_deepgram.container.speak.query import (
    SpeakQuery,
    parse_flux_speak_post,
    parse_speak_post,
)
from pipecat_sagemaker_deepgram.container.speak.synthesizer import (
    MARKUP_STRIPPED,
    sentences,
    strip_markup,
)
from pipecat_sagemaker_deepgram.container.speak.v1 import MAX_CHARACTERS
from pipecat_sagemaker_deepgram.web.errors import RequestError, bad_request
from pipecat_sagemaker_deepgram.web.front import too_large

_LARGEST_BODY = 2 * 2**20


@dataclass(frozen=True)
class SpeechAnswer:
    """The response.

    Attributes:
        audio: The speech.
        content_type: Its media type.
        headers: Further response headers.
    """

    audio: bytes
    content_type: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class SpeakRoute:
    """Handles the requests.

    Args:
        engine: The models.
        activity: Counts the requests.
    """

    engine: Engine
    activity: Activity

    async def speak_v1(self, submission: Submission) -> SpeechAnswer:
        """Speak a text in the voice of v1/speak.

        Raises:
            RequestError: The query or the body cannot be used.
        """
        return await self._speak(submission, parse_speak_post(submission.query), {})

    async def speak_v2(self, submission: Submission) -> SpeechAnswer:
        """Speak a text in the voice of v2/speak.

        Raises:
            RequestError: The query or the body cannot be used.
        """
        applied = {"dg-pronunciations-applied": "0", "dg-breaks-applied": "0"}
        return await self._speak(submission, parse_flux_speak_post(submission.query), applied)

    async def _speak(
        self, submission: Submission, query: SpeakQuery, headers: Mapping[str, str]
    ) -> SpeechAnswer:
        text, is_stripped = strip_markup(_read_text(submission))
        synthesizer = await self.engine.require_synthesizer()

        def speak() -> bytes:
            spoken = [synthesizer.speak(sentence, query.speed) for sentence in sentences(text)]
            samples = np.concatenate([np.zeros(0, np.float32), *spoken])
            return encode(samples, synthesizer.sample_rate, query.format)

        with self.activity.count(Kind.TTS):
            audio = await self.engine.run_in_thread(speak)
        model = synthesizer.model_info
        named = {
            "dg-model-name": model.name,
            "dg-model-uuid": model.uuid,
            "dg-char-count": str(len(text)),
        }
        warnings = {"dg-warnings": MARKUP_STRIPPED} if is_stripped else {}
        return SpeechAnswer(audio, query.format.content_type, {**named, **headers, **warnings})


def _read_text(submission: Submission) -> str:
    if len(submission.body) > _LARGEST_BODY:
        raise too_large("The request body is larger than 2 MB.")
    if not submission.is_json:
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            f"The Content-Type is {submission.content_type}; it must be {JSON}.",
        )
    text = submission.read_object().get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("the text has no characters to speak")
    if len(text) > MAX_CHARACTERS:
        raise RequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "Payload Too Large",
            f"Input text exceeds maximum character limit of {MAX_CHARACTERS}.",
        )
    return text
