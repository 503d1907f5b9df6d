# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A connection to v1/listen or v2/listen."""

from typing import Unpack

from pipecat_sagemaker_deepgram.client import Record
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.deepgram.controls import KEEP_ALIVE
from pipecat_sagemaker_deepgram.deepgram.relay import RelayStep, json_text, read_message
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram_sdk.listening import SdkListening
from pipecat_sagemaker_deepgram.deepgram_sdk.transport import (
    OpenSession,
    SageMakerTransport,
    TransportOptions,
)

_SENT_AGAIN = ("Finalize", "ForceEndTurn", "Configure")
"""Kinds of messages whose latest one is sent again to the stream that replaces a lost one."""


class ListenTransport(SageMakerTransport):
    """Returns every word once, even if streams are lost.

    Args:
        open_session: Makes the session.
        listening: The protocol and the audio format.
        **options: As for every connection.
    """

    def __init__(
        self,
        open_session: OpenSession,
        listening: SdkListening,
        **options: Unpack[TransportOptions],
    ) -> None:
        super().__init__(open_session, **options)
        self._listening = listening

    async def ping(self) -> None:
        """Keep the connection alive.

        This sends ``KeepAlive`` on v1 and a sample of silence on v2, where ``KeepAlive`` would end
        the stream. It is never necessary: the session does so when it is needed.
        """
        if self._listening.has_keep_alive:
            await self._client.send_text(KEEP_ALIVE)
        elif self._listening.is_clocked:
            self._client.send_silence(0.0)

    async def _send_text(self, text: str) -> None:
        message = read_message(text)
        kind = message.get("type")
        if kind == "CloseStream":
            self._drain()
        elif kind == "KeepAlive":
            await self.ping()
        else:
            self._listening.relay.sent(message)
            await self._client.send_text(text, kind=kind if kind in _SENT_AGAIN else "")

    async def _send_audio(self, audio: bytes) -> None:
        flip = self._listening.flip
        await self._client.send_audio_chunk(flip(audio) if flip else audio)
        await self._client.wait_for_room()

    async def _follow(self, record: Record) -> None:
        self._carry_out(self._listening.relay.observe(record, loop_time()))

    def _get_timer(self) -> float | None:
        return self._listening.relay.get_timer()

    async def _handle_timer(self, now: float) -> None:
        self._carry_out(self._listening.relay.handle_timer(now))

    def _carry_out(self, steps: list[RelayStep]) -> None:
        for step in steps:
            if isinstance(step, Acknowledge):
                self._client.acknowledge(step.seconds)
            else:
                self._received.append(json_text(step))
