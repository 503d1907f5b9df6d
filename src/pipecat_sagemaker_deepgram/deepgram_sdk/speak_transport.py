# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A connection to v1/speak or v2/speak."""

from typing import Unpack

from pipecat_sagemaker_deepgram.client import Lost, Message, Record, SessionEvent, StreamChanged
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.deepgram.speak.protocol import SPEECH_KIND
from pipecat_sagemaker_deepgram.deepgram.speak.relay import SpeechRelay
from pipecat_sagemaker_deepgram.deepgram.speak.speech import SpokenText
from pipecat_sagemaker_deepgram.deepgram_sdk.transport import (
    OpenSession,
    SageMakerTransport,
    TransportOptions,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    SageMakerDeepgramError,
    StreamStalledError,
)


class SpeakTransport(SageMakerTransport):
    """Makes sure that every text is spoken once, even if streams are lost.

    Text that a lost stream had not spoken is sent to the next one. If two in a row are lost during
    the same text, which may be the cause, the connection fails.

    Args:
        open_session: Makes the session.
        speech: Tracks what has been spoken.
        stall_timeout: Seconds without a message, while one is due, after which the text is sent to
            another stream; ``None`` for never.
        **options: As for every connection.
    """

    def __init__(
        self,
        open_session: OpenSession,
        speech: SpokenText,
        *,
        stall_timeout: float | None,
        **options: Unpack[TransportOptions],
    ) -> None:
        self._relay = SpeechRelay(speech)
        self._stall_timeout = stall_timeout
        self._active_at = loop_time()
        super().__init__(open_session, **options)

    async def ping(self) -> None:
        """Raise an error: no message keeps a stream of speech alive.

        None is needed: an idle stream that the container ends is replaced.

        Raises:
            ConfigurationError: Always.
        """
        raise ConfigurationError("no message keeps a stream of speech alive, and none is needed")

    async def _send_text(self, text: str) -> None:
        if self._relay.is_closing:
            return
        if not self._relay.is_waiting:
            self._active_at = loop_time()
        self._relay.say(text)
        await self._pump()

    async def _send_audio(self, audio: bytes) -> None:
        raise ConfigurationError("a stream of speech accepts text messages, not binary ones")

    def _note(self, event: SessionEvent) -> None:
        super()._note(event)
        if isinstance(event, Lost | StreamChanged):
            self._relay.takes_text = False

    async def _follow(self, record: Record) -> None:
        self._active_at = loop_time()
        self._received += self._relay.observe(record)
        if isinstance(record, Message):
            self._client.acknowledge(0.0)
        elif isinstance(record, Lost) and self._relay.is_lost_for_good():
            self._fail(record.cause)
        await self._pump()

    def _get_timer(self) -> float | None:
        is_due = self._stall_timeout is not None and self._relay.takes_text and self._was_up
        if not is_due or not self._relay.is_waiting or self._draining is not None:
            return None
        return self._active_at + (self._stall_timeout or 0.0)

    async def _handle_timer(self, now: float) -> None:
        self._active_at = now
        if self._relay.is_futile():
            self._fail(StreamStalledError("The container stopped speaking twice in a row"))
        else:
            self._client.change_stream(within=0.0)

    async def _pump(self) -> None:
        """Send the current stream the text to speak, and end it once all is spoken."""
        if not self._relay.takes_text or self._draining is not None:
            return
        while (text := self._relay.next()) is not None:
            await self._client.send_text(text, kind=SPEECH_KIND)
        if self._relay.is_done:
            self._drain()

    def _fail(self, error: SageMakerDeepgramError) -> None:
        self._failure = error
        self._drain(timeout=0.0)
