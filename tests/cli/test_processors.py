# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import math
import time
from collections.abc import Iterator

import pytest

from pipecat_sagemaker_deepgram.cli.events import AudioFed, ProblemReported, Started, WordsHeard
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

from .fake_service import AT_ONCE, SECOND, FakeService, fed, follow


async def test_every_sample_reaches_the_service():
    """Blocks of any size become frames of 20 ms; the last may be shorter."""
    service = FakeService()
    blocks = [bytes(1000), bytes(6), bytes(0), bytes(3000)]
    events = await follow(Transcription(service, blocks, pace=AT_ONCE))
    assert service.chunks == [640] * 6 + [166]
    assert fed(events).seconds == pytest.approx(4006 / 32_000)
    assert fed(events).is_all


async def test_audio_goes_no_faster_than_its_pace():
    began = time.monotonic()
    await follow(Transcription(FakeService(), [SECOND], pace=Pace(4.0)))
    assert time.monotonic() - began >= 0.24


async def test_audio_does_not_run_away_from_a_service_that_hears_nothing():
    service = FakeService(seconds_per_word=None)
    transcription = Transcription(service, [SECOND] * 60, pace=Pace(math.inf, lead=2.0))
    async with asyncio.timeout(20), transcription:
        events = aiter(transcription)
        started = await anext(events)
        assert isinstance(started, Started)
        while not (isinstance(event := await anext(events), AudioFed) and event.seconds >= 2.5):
            continue
        assert time.monotonic() - started.at >= 0.4


async def test_a_service_that_keeps_up_is_fed_without_waiting():
    service = FakeService()
    began = time.monotonic()
    await follow(Transcription(service, [SECOND] * 10, pace=Pace(math.inf, lead=0.5)))
    assert service.heard == pytest.approx(10.0)
    assert time.monotonic() - began < 5.0


async def test_a_problem_is_reported_in_this_packages_words():
    """Pipecat redacts what looks like a secret in the text of an error; ours holds none."""
    error = CommandError("None found", advice="Pass credentials=.")
    service = FakeService(fails_after=0.1, error=error)
    events = await follow(Transcription(service, [SECOND], pace=Pace(1.0)))
    assert ProblemReported("None found. Pass credentials=.", is_fatal=True) in events


async def test_a_recording_that_breaks_off_is_a_fatal_problem():
    def blocks() -> Iterator[bytes]:
        yield bytes(6400)
        raise CommandError("It could not be read to its end")

    events = await follow(Transcription(FakeService(), blocks(), pace=AT_ONCE))
    assert ProblemReported("It could not be read to its end.", is_fatal=True) in events
    assert [event for event in events if isinstance(event, WordsHeard)]
    assert not fed(events).is_all


async def test_a_fault_of_our_own_does_not_leave_the_pipeline_running():
    def blocks() -> Iterator[bytes]:
        yield bytes(6400)
        raise ZeroDivisionError

    events = await follow(Transcription(FakeService(), blocks(), pace=AT_ONCE))
    assert not fed(events).is_all
