# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A speech-to-text service that needs no network, and recordings run through it."""

import asyncio
import math
from collections.abc import AsyncGenerator

from pipecat.frames.frames import EndFrame, Frame, TranscriptionFrame
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.cli.events import AudioFed, Event
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

AT_ONCE = Pace(math.inf, lead=1000.0)
SECOND = bytes(32_000)


class FakeService(STTService):
    """Says ``word`` for every ``seconds_per_word`` of audio, and for the rest at the end.

    Args:
        seconds_per_word: Audio per word; ``None`` hears nothing.
        fails_after: Audio after which the service becomes unusable.
        error: What it says then.
    """

    def __init__(
        self,
        *,
        seconds_per_word: float | None = 0.1,
        fails_after: float | None = None,
        error: Exception | None = None,
    ) -> None:
        super().__init__(settings=STTSettings(model=None, language=None), ttfs_p99_latency=1.0)
        self.chunks: list[int] = []
        self._covered = 0.0
        self._seconds_per_word = seconds_per_word
        self._fails_after = fails_after
        self._error = error or SageMakerDeepgramError("It broke")

    @property
    def heard(self) -> float:
        """Seconds of audio so far."""
        return sum(self.chunks) / 32_000

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Listen."""
        self.chunks.append(len(audio))
        if self._fails_after is not None and self.heard >= self._fails_after:
            self._fails_after = None
            await self.push_error(
                str(self._error), exception=self._error, force_treat_as_permanent=True
            )
        if self._seconds_per_word and self.heard >= self._covered + self._seconds_per_word - 1e-9:
            await self._say()
        yield None

    async def stop(self, frame: EndFrame) -> None:
        """Say what is left."""
        await super().stop(frame)
        if self._seconds_per_word and self.heard > self._covered and self.is_usable:
            await self._say()

    async def _say(self) -> None:
        start, self._covered = self._covered, self.heard
        result = {
            "start": start,
            "duration": self.heard - start,
            "channel": {"alternatives": [{"words": []}]},
        }
        await self.push_frame(TranscriptionFrame("word", "", "", result=result))


async def follow(transcription: Transcription) -> list[Event]:
    """Run a recording to its end; what happened."""
    async with asyncio.timeout(20), transcription:
        return [event async for event in transcription]


def fed(events: list[Event]) -> AudioFed:
    """The last word on the audio that went out."""
    return [event for event in events if isinstance(event, AudioFed)][-1]
