# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A service that recognises nothing, in a pipeline: measures the pipeline and the harness."""

from collections.abc import AsyncGenerator
from typing import Any

from pipecat.frames.frames import Frame, InterimTranscriptionFrame
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService

from benchmarks.access import Access
from benchmarks.drivers.pipeline import PipelineDriver
from benchmarks.marks import MARK, completes_word, word_of


class NullService(STTService):
    """Answers in the process, at the rate at which the server would."""

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        _, number = MARK.unpack_from(audio)
        if completes_word(number):
            await self.push_frame(InterimTranscriptionFrame(f"w{word_of(number)}", "", ""))
        yield None


def make(access: Access, options: dict[str, Any]) -> PipelineDriver:
    """Make a driver; it has no options."""
    return PipelineDriver(
        NullService(settings=STTSettings(model=None, language=None)), connects=False
    )
