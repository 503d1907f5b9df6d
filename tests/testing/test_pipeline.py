# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A pipeline that is spoken to."""

import pytest
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from pipecat_sagemaker_deepgram.testing import run_stt, scripted_speech


class Answering(FrameProcessor):
    """Answers each audio frame with an interim, the end with a final; upstream with an error."""

    def __init__(self, *, ends: bool = True) -> None:
        super().__init__()
        self.audio = b""
        self.ends = ends

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case InputAudioRawFrame():
                assert (frame.sample_rate, frame.num_channels) == (16000, 1)
                self.audio += frame.audio
                await self.push_frame(InterimTranscriptionFrame("so", "", ""))
            case EndFrame() if not self.ends:
                return
            case EndFrame():
                await self.push_error("something broke")
                await self.push_frame(TranscriptionFrame("So it is.", "", ""))
        await self.push_frame(frame, direction)


async def test_what_comes_out_is_given():
    answering = Answering()
    speech = scripted_speech(2, pause=0)
    heard = await run_stt(answering, speech, speed=50)
    assert answering.audio == speech.audio
    assert len(heard.interims) == 10
    assert (heard.text, heard.words) == ("So it is.", ["so", "it", "is"])
    assert heard.errors == ["something broke"]
    assert isinstance(heard.frames[-1], EndFrame)
    assert repr(heard) == ("Heard('So it is.', 1 finals, 10 interims, errors=['something broke'])")


async def test_a_bot_is_its_processors_in_order():
    first, second = Answering(), Answering()
    heard = await run_stt([first, second], bytes(3200), speed=50)
    assert len(heard.finals) == 2
    assert second.audio == first.audio == bytes(3200)


async def test_a_pipeline_that_does_not_end_is_cancelled():
    with pytest.raises(TimeoutError):
        await run_stt(Answering(ends=False), bytes(640), timeout=0.2)
