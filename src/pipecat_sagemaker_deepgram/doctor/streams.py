# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Trying streams: whether they open, what the container sends and what it recognises."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM
from pipecat_sagemaker_deepgram.deepgram.query import QueryValue
from pipecat_sagemaker_deepgram.doctor.candidates import SAMPLE_RATE, Candidate
from pipecat_sagemaker_deepgram.doctor.facts import (
    Attempt,
    HeardSpeech,
    Opened,
    Said,
    Support,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    failure_of,
)
from pipecat_sagemaker_deepgram.doctor.limits import Limits
from pipecat_sagemaker_deepgram.doctor.listening import MessageCollector, RecordingListener
from pipecat_sagemaker_deepgram.doctor.replies import Reply, read_reply
from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    SageMakerStream,
    StreamOpener,
    StreamRequest,
)

CONFIGURE = '{"type":"Configure","thresholds":{"eot_timeout_ms":5000}}'
"""Sets Deepgram Flux to its own defaults (Deepgram docs, "Configure")."""

FORCE_END_TURN = '{"type":"ForceEndTurn"}'
"""Ends a turn of Deepgram Flux; has no effect if none is open (Deepgram docs, "ForceEndTurn")."""

_SILENCE = bytes(SAMPLE_RATE * 2 // 10)
_CHUNK_SECONDS = 0.08
_CHUNK_BYTES = int(SAMPLE_RATE * 2 * _CHUNK_SECONDS)
_CLOSE_TIMEOUT = 1.0


class Streams:
    """Opens streams to one endpoint, one per question.

    Args:
        opener: Opens the streams.
        credentials: They sign the requests.
        endpoint_name: The endpoint.
        region: Its region.
        url: Its base URL.
        target_variant: The production variant to use; ``None`` lets SageMaker choose one.
        limits: The timeouts.
    """

    def __init__(
        self,
        opener: StreamOpener,
        credentials: Credentials,
        *,
        endpoint_name: str,
        region: str,
        url: str,
        target_variant: str | None = None,
        limits: Limits,
    ) -> None:
        self._opener = opener
        self._credentials = credentials
        self._endpoint_name = endpoint_name
        self._region = region
        self._url = url
        self._target_variant = target_variant
        self._limits = limits

    @asynccontextmanager
    async def _open(
        self, candidate: Candidate, **parameters: QueryValue
    ) -> AsyncIterator[SageMakerStream]:
        request = StreamRequest(
            endpoint_name=self._endpoint_name,
            region=self._region,
            url=self._url,
            invocation_path=candidate.path,
            query_string=candidate.query(**parameters),
            target_variant=self._target_variant,
        )
        stream = await self._opener.open(request, self._credentials)
        try:
            yield stream
        finally:
            await stream.close(timeout=_CLOSE_TIMEOUT)

    # The first message

    async def attempt(self, candidate: Candidate) -> Attempt:
        """Open a stream and wait for the container's first message.

        Args:
            candidate: The path and the parameters.
        """
        began = time.monotonic()
        try:
            async with self._open(candidate) as stream:
                opened = Opened(
                    seconds=time.monotonic() - began,
                    request_id=stream.identity.request_id or "",
                    variant=stream.identity.production_variant or "",
                )
                return Attempt(
                    candidate=candidate, opened=opened, said=await self._greet(stream, candidate)
                )
        except SageMakerDeepgramError as error:
            return Attempt(candidate=candidate, opened=failure_of(error))

    async def _greet(self, stream: SageMakerStream, candidate: Candidate) -> Said | Failure:
        heard = MessageCollector(candidate)
        try:
            async with asyncio.timeout(self._limits.reply):
                if not candidate.is_flux:
                    await stream.send(_SILENCE)
                    await stream.send(CLOSE_STREAM.encode(), is_text=True)
                await _converse(stream, heard.is_over)
        except SageMakerDeepgramError as error:
            heard.failed(failure_of(error))
        except TimeoutError:
            pass  # ``outcome`` reports what arrived until then, or that nothing did.
        return heard.outcome(self._limits.reply)

    # Supported features

    async def capabilities(self, candidate: Candidate) -> dict[str, Support]:
        """Find out what a bundle of Deepgram Flux supports, on throwaway streams.

        A bundle that does not know a message answers ``UNPARSABLE_CLIENT_MESSAGE`` and ends the
        stream; one that does not know a parameter refuses the stream (HTTP 424).

        Args:
            candidate: A candidate that the container answered.
        """
        return {
            "Configure": await self._takes(candidate, CONFIGURE, "configured"),
            "ForceEndTurn": await self._takes(candidate, FORCE_END_TURN, "warning", CLOSE_STREAM),
            "numerals": await self._opens_with(candidate, numerals=True),
        }

    async def _takes(self, candidate: Candidate, message: str, sign: str, *more: str) -> Support:
        answers: list[str] = []

        def is_decided(reply: Reply | None) -> bool:
            answers.append("end" if reply is None else reply.kind)
            return answers[-1] in (sign, "error", "end")

        try:
            async with asyncio.timeout(self._limits.reply), self._open(candidate) as stream:
                await _converse(stream, lambda reply: reply is None or reply.kind == "connected")
                for text in (message, *more):
                    await stream.send(text.encode(), is_text=True)
                await _converse(stream, is_decided)
        except (TimeoutError, SageMakerDeepgramError):
            return Support.NO if "error" in answers else Support.UNKNOWN
        if "error" in answers:
            return Support.NO
        # A message without an acknowledgement was accepted if the stream ended normally.
        return Support.YES if sign in answers or more else Support.UNKNOWN

    async def _opens_with(self, candidate: Candidate, **parameters: QueryValue) -> Support:
        try:
            async with asyncio.timeout(self._limits.reply):
                async with self._open(candidate, **parameters) as stream:
                    reply = read_reply(await stream.receive() or "")
        except ModelUnavailableError:
            return Support.NO
        except (TimeoutError, SageMakerDeepgramError):
            return Support.UNKNOWN
        return Support.YES if reply.kind == "connected" else Support.NO

    # Recognition

    async def listen(self, candidate: Candidate, audio: bytes) -> HeardSpeech | Failure:
        """Send a recording in real time, up to its first final.

        Args:
            candidate: A candidate that the container answered.
            audio: Mono linear16 at 16 kHz.
        """
        seconds = len(audio) / (2 * SAMPLE_RATE)
        heard = RecordingListener()
        try:
            async with asyncio.timeout(seconds + self._limits.drain):
                async with self._open(candidate) as stream:
                    await self._feed_and_hear(stream, candidate, audio, heard)
        except SageMakerDeepgramError as error:
            # A stream that breaks after the first words has still shown that speech is recognised.
            if not heard.speech.text:
                return failure_of(error)
        except TimeoutError:
            if not heard.speech.text:
                return _unanswered(self._limits.drain)
        return heard.failure or heard.speech

    async def _feed_and_hear(
        self, stream: SageMakerStream, candidate: Candidate, audio: bytes, heard: RecordingListener
    ) -> None:
        if candidate.is_flux:
            await _converse(stream, lambda reply: reply is None or reply.kind == "connected")
        began = time.monotonic()
        feeding = asyncio.create_task(_feed(stream, audio, began))
        try:
            await _converse(stream, lambda reply: heard.hear(reply, time.monotonic() - began))
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)


def _unanswered(seconds: float) -> Failure:
    message = (
        f"no words came back, and the stream did not end, within {seconds:g} s of the last audio"
    )
    return Failure(kind=CheckFailure.TIMEOUT, message=message)


async def _converse(stream: SageMakerStream, is_over: Callable[[Reply | None], bool]) -> None:
    """Receive until a predicate is satisfied; the end of the stream is passed to it as ``None``."""
    while (data := await stream.receive()) is not None:
        if is_over(read_reply(data)):
            return
    is_over(None)


async def _feed(stream: SageMakerStream, audio: bytes, began: float) -> None:
    for start in range(0, len(audio), _CHUNK_BYTES):
        due = began + start / (2 * SAMPLE_RATE) + _CHUNK_SECONDS
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await stream.send(audio[start : start + _CHUNK_BYTES])
    await stream.send(CLOSE_STREAM.encode(), is_text=True)
