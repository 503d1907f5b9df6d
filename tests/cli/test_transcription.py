# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import time

import pytest

from pipecat_sagemaker_deepgram.cli.events import Event, ProblemReported, Started, WordsHeard
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

from .fake_service import AT_ONCE, SECOND, FakeService, fed, follow


async def test_what_is_heard_is_told_to_the_last_word():
    """The words that only come while the pipeline ends are reported too."""
    events = await follow(Transcription(FakeService(), [bytes(8000)], pace=AT_ONCE))
    heard = [event for event in events if isinstance(event, WordsHeard)]
    assert [round(each.end, 2) for each in heard] == [0.1, 0.2, 0.25]
    assert isinstance(events[0], Started)


async def test_stopping_keeps_what_was_heard():
    transcription = Transcription(FakeService(), [SECOND] * 60, pace=Pace(1.0))
    events: list[Event] = []
    async with transcription:
        async for event in transcription:
            events.append(event)
            if isinstance(event, WordsHeard):
                transcription.stop()
    heard = [event for event in events if isinstance(event, WordsHeard)]
    assert fed(events).seconds < 1.0
    assert not fed(events).is_all
    assert heard[-1].covers_to == pytest.approx(fed(events).seconds)


async def test_leaving_early_aborts():
    service = FakeService()
    transcription = Transcription(service, [SECOND] * 60, pace=Pace(1.0))
    began = time.monotonic()
    async with transcription:
        await anext(aiter(transcription))
    assert service.heard < 1.0
    assert time.monotonic() - began < 10.0


async def test_an_unusable_service_ends_the_pipeline():
    service = FakeService(fails_after=0.2)
    events = await follow(Transcription(service, [SECOND] * 60, pace=Pace(1.0)))
    problems = [event for event in events if isinstance(event, ProblemReported)]
    assert problems == [ProblemReported("It broke.", is_fatal=True)]
    assert fed(events).seconds < 2.0
