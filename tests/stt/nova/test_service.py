# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova in a real pipeline, against the emulated endpoint."""

import asyncio

import pytest
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    InputAudioRawFrame,
    STTUpdateSettingsFrame,
    TextFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from pipecat_sagemaker_deepgram import ConfigurationError, DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ...local_path import HARD, local_path, marked_audio, words
from ...pipelines import nova, running

COUNT = 30


async def test_speech_becomes_interims_and_finals_and_the_tail_comes_before_the_end() -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert pipeline.interims
    assert isinstance(pipeline.down[-1], EndFrame)
    assert pipeline.errors == []
    assert pipeline.handled == [("on_connected",), ("on_disconnected",)]


async def test_the_first_words_are_kept_while_the_connection_is_made() -> None:
    async with local_path("late=0.8@connect") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)


async def test_a_lost_stream_costs_no_word_and_is_reported_in_order() -> None:
    async with local_path("reset@bytes=40000") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert pipeline.errors == []
    names = [name for name, *_ in pipeline.handled]
    assert names == [
        "on_connected",
        "on_disconnected",
        "on_reconnecting",
        "on_connected",
        "on_reconnected",
        "on_disconnected",
    ]
    assert 0 < pipeline.handled[4][1] < 2


async def test_times_in_the_result_run_on_over_streams() -> None:
    async with local_path("reset@bytes=40000") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    starts = [
        word["start"]
        for frame in pipeline.finals
        for word in frame.result["channel"]["alternatives"][0]["words"]  # type: ignore[index]
    ]
    assert starts == [pytest.approx(index * 0.1, abs=0.06) for index in range(COUNT)]


async def test_a_reset_that_may_not_be_retried_is_an_error_that_names_it() -> None:
    service_options = {"retry_policy": RetryPolicy(max_retries=0)}
    async with local_path("reset@bytes=20000") as path:
        service = nova(path, **service_options)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
            await pipeline.until(lambda p: p.errors)
            assert not service.is_usable
    assert len(pipeline.errors) == 1
    assert "reset the stream" in pipeline.errors[0]
    assert "deepgram-nova-3" in pipeline.errors[0]


async def test_a_refusal_is_one_error_and_the_pipeline_flows_on() -> None:
    async with local_path("refuse=403:AccessDeniedException@connect,streams=every") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            assert not service.is_usable
            await pipeline.speak(marked_audio(0, 5))
            await pipeline.send(TextFrame("passes"))
            await pipeline.until(lambda p: any(isinstance(f, TextFrame) for f in p.down))
    assert len(pipeline.errors) == 1
    assert "AccessDeniedException" in pipeline.errors[0]
    assert len([f for f in pipeline.down if isinstance(f, InputAudioRawFrame)]) == 25


async def test_frames_pass_while_the_peer_takes_nothing() -> None:
    """Nothing in the service waits for the network."""
    async with local_path("stop-reading@bytes=3200,streams=every") as path:
        config = ClientConfig(send_timeout=30.0, stall_timeout=None)
        async with running(nova(path, client_config=config), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 60), speed=100)
            await pipeline.send(TextFrame("passes"))
            await pipeline.until(lambda p: any(isinstance(f, TextFrame) for f in p.down))
            await pipeline.send(CancelFrame())


async def test_the_end_is_bounded_when_the_endpoint_does_not_answer() -> None:
    config = ClientConfig(close_timeout=0.5, stall_timeout=None)
    async with local_path("silence@seconds=0,streams=every") as path:
        async with running(nova(path, client_config=config), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))


@pytest.mark.parametrize("frames", range(0, 40, 8))
async def test_cancel_in_any_phase_leaves_nothing_behind(frames: int) -> None:
    async with local_path("late=0.05@connect") as path:
        async with running(nova(path), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 20)[: frames * 640], speed=2)
            await pipeline.send(CancelFrame())
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_finalize_marks_the_next_transcript_as_finalized() -> None:
    behavior = ScriptedBehavior(final_interval=5.0)
    async with local_path(behavior=behavior) as path, running(nova(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        await pipeline.send(VADUserStartedSpeakingFrame())
        await pipeline.speak(marked_audio(0, 12))
        await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        await pipeline.until(lambda p: p.finals)
    assert pipeline.finals[0].finalized
    assert pipeline.words == words(0, 12)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_other_sample_rates(rate: int) -> None:
    async with local_path(behavior=HARD) as path:
        async with running(nova(path), sample_rate=rate) as pipeline:
            await pipeline.speak(marked_audio(0, 20, sample_rate=rate), rate=rate)
    assert pipeline.words == words(0, 20)


async def test_the_query_says_what_is_set_and_no_more() -> None:
    settings = DeepgramSageMakerSTTService.Settings(keyterm=["Pipe cat", "Deepgram"], numerals=True)
    async with local_path() as path, running(nova(path, settings=settings)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        query = path.emulator.streams[0].query
    assert query == (
        "model=nova-3&language=en&interim_results=true&keyterm=Pipe%20cat&keyterm=Deepgram"
        "&numerals=true&punctuate=true&encoding=linear16&channels=1&sample_rate=16000"
    )


async def test_settings_are_applied_in_the_middle_of_speech_without_losing_a_word() -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            delta = service.Settings(keyterm=["Pipecat"])
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(20, 40), speed=4)
            await pipeline.until(lambda p: ("on_stream_changed", "settings") in p.handled)
        queries = [stream.query for stream in path.emulator.streams]
    assert pipeline.words == words(0, 60)
    assert ["keyterm=Pipecat" in query for query in queries] == [False, True]
    assert pipeline.errors == []


async def test_refused_settings_are_rolled_back_and_the_call_goes_on() -> None:
    async with local_path("refuse=424:ModelError@connect,streams=2-4") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            delta = service.Settings(keyterm=["Pipecat"], numerals=True)
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(20, 20))
            await pipeline.until(lambda p: p.errors)
            assert service.is_usable
            assert (service._settings.keyterm, service._settings.numerals) == (None, None)
    assert pipeline.words == words(0, 40)
    assert len(pipeline.errors) == 1
    assert "keyterm, numerals were refused" in pipeline.errors[0]


async def test_without_interims_a_quiet_container_is_asked_before_it_counts_as_stalled() -> None:
    """Switched off while the call goes on; the container ends no segment by itself."""
    config = ClientConfig(stall_timeout=0.5)
    async with local_path(behavior=ScriptedBehavior(final_interval=60.0)) as path:
        service = nova(path, client_config=config)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            delta = service.Settings(interim_results=False)
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(10, 40), speed=1)
            assert ("on_stream_changed", "settings") in pipeline.handled
            assert ("on_disconnected",) not in pipeline.handled
    assert pipeline.words == words(0, 50)


async def test_a_service_that_is_down_comes_back_when_it_is_called_usable() -> None:
    async with local_path("refuse=403:AccessDeniedException@connect,streams=1") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            await service.set_usable(True)
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.speak(marked_audio(0, 20))
    assert pipeline.words == words(0, 20)
    assert len(pipeline.errors) == 1


def test_a_bad_endpoint_name_is_refused_at_construction() -> None:
    with pytest.raises(ConfigurationError, match="endpoint_name"):
        DeepgramSageMakerSTTService(endpoint_name="not valid!", region="us-east-1")


def test_a_missing_region_is_refused_at_construction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(ConfigurationError, match="region"):
        DeepgramSageMakerSTTService(endpoint_name="deepgram")


async def test_a_malformed_message_costs_one_line_and_not_the_call() -> None:
    odd = (
        '{"type":"Results","channel_index":[0,1],"start":0,"duration":1,"is_final":false,'
        '"channel":{"alternatives":[{"transcript":"","words":[]},{"words":[{"start":"x"}]}]}}'
    )
    async with local_path(f"text={odd}@bytes=20000", "malformed@bytes=30000") as path:
        async with running(nova(path)) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert pipeline.errors == []


def test_live_options_are_refused_with_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="live_options"):
        DeepgramSageMakerSTTService(
            endpoint_name="d",
            region="us-east-1",
            live_options=object(),  # pyright: ignore[reportCallIssue]
        )


def _injected(message: str) -> str:
    return f"text={message}@bytes=30000"


async def test_a_message_that_deepgram_misunderstood_costs_no_stream() -> None:
    error = '{"type":"Error","variant":"SchemaError","description":"what?"}'
    async with local_path(_injected(error)) as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert ("on_disconnected",) not in pipeline.handled[:-1]


@pytest.mark.parametrize(
    "error",
    [
        '{"type":"Error","variant":"TranscribeError","description":"no engine"}',
        '{"error":"INTERNAL","message":"broken"}',
        '{"type":"Metadata","sha256":"incomplete","duration":0}',
    ],
)
async def test_any_other_error_of_deepgrams_is_a_lost_stream_and_costs_no_word(error: str) -> None:
    async with local_path(_injected(error)) as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
        assert len(path.emulator.streams) == 2
    assert pipeline.words == words(0, COUNT)
    assert pipeline.errors == []
