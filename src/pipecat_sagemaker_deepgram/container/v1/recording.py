# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings: ``POST /v1/listen``.

A recording is read in pieces like a stream, so that it does not hold up streams.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.mp4 import is_mp4, read_mp4
from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat
from pipecat_sagemaker_deepgram.audio.reader import AudioReader
from pipecat_sagemaker_deepgram.container.engine import Engine
from pipecat_sagemaker_deepgram.container.http.status import Activity, Kind
from pipecat_sagemaker_deepgram.container.http.submission import Submission
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    RecognizedWord,
    RecognizerEvent,
    RecognizerSession,
    SessionConfig,
)
from pipecat_sagemaker_deepgram.container.v1.listen import require_language
from pipecat_sagemaker_deepgram.container.v1.messages import Envelope
from pipecat_sagemaker_deepgram.container.v1.query import ListenQuery, parse_recording_query
from pipecat_sagemaker_deepgram.container.v1.response import HeardChannel, write_response
from pipecat_sagemaker_deepgram.web.errors import InvalidJsonError, bad_request

_PIECE_BYTES = 32_000

_CORRUPT = "failed to process audio: corrupt or unsupported data"
_NO_URLS = (
    "this container has no network access, as none has on SageMaker, so it cannot fetch a url; "
    "send the audio itself"
)


@dataclass(frozen=True)
class Recordings:
    """Handles the requests.

    Args:
        engine: The models.
        activity: Counts the requests.
    """

    engine: Engine
    activity: Activity

    async def listen(self, submission: Submission) -> dict[str, Any]:
        """Transcribe a recording.

        Raises:
            RequestError: The query or the body cannot be used.
        """
        query = parse_recording_query(submission.query)
        require_language(query.language, self.engine.recognizer)
        _refuse_urls(submission)
        created = datetime.now(UTC).isoformat(timespec="milliseconds")
        began = time.monotonic()
        with self.activity.count(Kind.BATCH):
            try:
                answer = await self._transcribe(submission, query, created)
            except AudioError as error:
                raise bad_request(f"{_CORRUPT} ({error})") from error
        self.activity.observe_batch(time.monotonic() - began)
        return answer

    async def _transcribe(
        self, submission: Submission, query: ListenQuery, created: str
    ) -> dict[str, Any]:
        recognizer = self.engine.recognizer
        common = Envelope(
            request_id=submission.request_id,
            model=recognizer.model_info,
            punctuate=query.punctuate,
            language="en" if query.language == "multi" else None,
        )
        body, audio = await self.engine.run(lambda: _open(submission.body, query.audio))
        reader = AudioReader(
            audio, multichannel=query.multichannel, wanted_rate=recognizer.wanted_sample_rate
        )
        listening = _Listening(self.engine, reader)
        try:
            for piece in _pieces(body):
                await listening.feed(piece)
            await listening.finish()
        finally:
            await listening.close()
        count = len(listening.words)
        channels = [
            HeardChannel(
                replace(common, channel=index, channels=count),
                query.features.apply(words),
            )
            for index, words in enumerate(listening.words)
        ]
        return write_response(
            query,
            channels,
            common=common,
            sha256=hashlib.sha256(submission.body).hexdigest(),
            created=created,
            duration=reader.seconds,
        )


class _Listening:
    """Transcribes one recording; the engine's threads do the long work."""

    def __init__(self, engine: Engine, reader: AudioReader) -> None:
        self._engine = engine
        self._reader = reader
        self._sessions: list[RecognizerSession] = []
        self.words: list[list[RecognizedWord]] = []

    async def feed(self, piece: bytes) -> None:
        await self._engine.run(lambda: self._hear(self._reader.read(piece)))

    async def finish(self) -> None:
        await self._engine.run(self._finish)

    async def close(self) -> None:
        await self._engine.run(self._close)

    def _hear(self, tracks: Sequence[bytes]) -> None:
        if tracks and not self._sessions:
            config = SessionConfig(self._reader.sample_rate, interim_results=False)
            open_session = self._engine.recognizer.open_session
            self._sessions = [open_session(config) for _ in tracks]
            self.words = [[] for _ in tracks]
        for words, session, track in zip(self.words, self._sessions, tracks, strict=True):
            words += _final_words(session.feed(track))

    def _finish(self) -> None:
        self._hear(self._reader.end())
        if not self._sessions:
            raise AudioError("there is no audio")
        for words, session in zip(self.words, self._sessions, strict=True):
            words += _final_words(session.finalize())

    def _close(self) -> None:
        self._reader.close()
        for session in self._sessions:
            session.close()


def _final_words(events: Sequence[RecognizerEvent]) -> Iterator[RecognizedWord]:
    for event in events:
        if isinstance(event, HeardSegment) and event.is_final:
            yield from event.words


def _open(body: bytes, audio: AudioFormat) -> tuple[bytes, AudioFormat]:
    """The audio bytes to decode in order, and their format."""
    if not is_mp4(body) or audio.encoding is not None:
        return body, audio
    samples, rate = read_mp4(body)
    return samples.astype("<i2").tobytes(), AudioFormat("linear16", rate, samples.shape[1])


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[at : at + _PIECE_BYTES] for at in range(0, len(body), _PIECE_BYTES))


def _refuse_urls(submission: Submission) -> None:
    if not submission.body:
        raise bad_request(f"{_CORRUPT} (the body is empty)")
    if not submission.is_json:
        return
    if not isinstance(submission.read_object().get("url"), str):
        raise InvalidJsonError("missing field `url`")
    raise bad_request(_NO_URLS)
