# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux in a real pipeline, against the emulated endpoint."""

import asyncio
import time
from typing import Any

import pytest
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    MetricsFrame,
    STTMetadataFrame,
    TextFrame,
    TranscriptionFrame,
    UserAudioRawFrame,
)
from pipecat.metrics.metrics import STTUsageMetricsData
from pipecat.transcriptions.language import Language
from pipecat.turns.user_turn_strategies import EagerUserTurnStrategies, ExternalUserTurnStrategies

from pipecat_sagemaker_deepgram import ConfigurationError, DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import FluxOptions, ScriptedRecognizer

from ...flux_pipelines import (
    PAUSE,
    assert_balanced,
    flux,
    flux_path,
    flux_running,
    spoken_turns,
    turns_of,
)
from ...local_path import local_path, marked_audio, words
from ...skipping_loop import skipping_waits

COUNT = 20


async def test_speech_becomes_turns_in_the_order_that_pipecat_wants() -> None:
    async with flux_path() as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(10, 12))
    assert turns_of(pipeline) == ["start", "interim", "final", "stop"] * 2
    assert [frame.text for frame in pipeline.finals] == [
        " ".join(words(0, 10)),
        " ".join(words(10, 12)),
    ]
    assert all(frame.finalized for frame in pipeline.finals)
    assert all(frame.language is Language.EN for frame in pipeline.finals)
    assert isinstance(pipeline.down[-1], EndFrame)
    assert pipeline.errors == []


async def test_every_event_is_reported_once_with_pipecats_arguments() -> None:
    async with flux_path() as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(3))
    reported = [event for event in pipeline.handled if event[0] != "on_update"]
    assert reported == [
        ("on_connected",),
        ("on_start_of_turn", "w0"),
        ("on_end_of_turn", "w0 w1 w2"),
        ("on_disconnected",),
    ]
    assert ("on_update", "w0 w1 w2") in pipeline.handled


async def test_usage_is_reported_before_the_final() -> None:
    async with flux_path() as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(3))
    at = next(i for i, f in enumerate(pipeline.down) if isinstance(f, TranscriptionFrame))
    before = [f for f in pipeline.down[:at] if isinstance(f, MetricsFrame)]
    assert any(isinstance(data, STTUsageMetricsData) for f in before for data in f.data)


@pytest.mark.parametrize("finalizes", [True, False], ids=["finalizes", "only updates"])
async def test_the_last_words_come_out_before_the_end_whatever_close_stream_does(
    finalizes: bool,
) -> None:
    async with flux_path(finalizes=finalizes, pause=5.0, lag=0.4, word_lag=0.2) as path:
        async with flux_running(flux(path)) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert turns_of(pipeline)[-2:] == ["final", "stop"]
    assert pipeline.finals[0].finalized is finalizes
    assert isinstance(pipeline.down[-1], EndFrame)


async def test_the_first_words_are_kept_while_the_connection_is_made() -> None:
    async with flux_path("late=0.8@connect") as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)


async def test_a_turn_outlives_its_stream() -> None:
    async with flux_path("reset@bytes=40000") as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT) + PAUSE)
    assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
    assert pipeline.words == words(0, COUNT)
    names = [name for name, *_ in pipeline.handled if not name.endswith(("_turn", "_update"))]
    assert names == [
        "on_connected",
        "on_disconnected",
        "on_reconnecting",
        "on_connected",
        "on_reconnected",
        "on_disconnected",
    ]


async def test_times_in_the_result_run_on_over_streams() -> None:
    async with flux_path("reset@bytes=60000") as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(10, 10))
    starts = [
        word["start"]
        for frame in pipeline.finals
        for word in frame.result["words"]  # type: ignore[index]
    ]
    expected = [index * 0.1 + (1.0 if index >= 10 else 0.0) for index in range(20)]
    assert starts == pytest.approx(expected, abs=0.06)


async def test_a_long_turn_is_replayed_in_part_and_comes_out_whole() -> None:
    config = ClientConfig(max_replay_seconds=1.0, min_chunk_seconds=0.08)
    async with flux_path("reset@bytes=100000") as path:
        async with flux_running(flux(path, client_config=config)) as pipeline:
            await pipeline.speak(marked_audio(0, 50) + PAUSE)
            replayed = next(e[1] for e in pipeline.handled if e[0] == "on_reconnected")
    assert pipeline.words == words(0, 50)
    assert len(pipeline.finals) == 1
    assert replayed < 2.0


async def test_without_word_times_a_long_turn_is_replayed_whole() -> None:
    config = ClientConfig(max_replay_seconds=1.0, min_chunk_seconds=0.08)
    async with flux_path("reset@bytes=100000", bundle="2026-03") as path:
        async with flux_running(flux(path, client_config=config)) as pipeline:
            await pipeline.speak(marked_audio(0, 50) + PAUSE)
            replayed = next(e[1] for e in pipeline.handled if e[0] == "on_reconnected")
    assert pipeline.words == words(0, 50)
    assert len(pipeline.finals) == 1
    assert replayed > 2.0


async def test_frames_pass_while_the_peer_takes_nothing() -> None:
    """Nothing in the service waits for the network."""
    async with flux_path("stop-reading@bytes=3200,streams=every") as path:
        config = ClientConfig(send_timeout=30.0, stall_timeout=None)
        async with flux_running(flux(path, client_config=config), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 60), speed=100)
            await pipeline.send(TextFrame("passes"))
            await pipeline.until(lambda p: any(type(f) is TextFrame for f in p.down))
            await pipeline.send(CancelFrame())


async def test_the_end_is_bounded_when_the_endpoint_does_not_answer() -> None:
    async with flux_path("silence@bytes=20000,streams=every") as path:
        config = ClientConfig(stall_timeout=None, close_timeout=60.0)
        service = flux(path, client_config=config, close_timeout=0.5)
        async with flux_running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))
    assert_balanced(pipeline)


@pytest.mark.parametrize("frames", range(0, 48, 12))
async def test_cancel_in_any_phase_leaves_nothing_behind(frames: int) -> None:
    async with flux_path("late=0.05@connect", "reset@bytes=12000") as path:
        async with flux_running(flux(path), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 20)[: frames * 640], speed=2)
            began = time.monotonic()
            await pipeline.send(CancelFrame())
    assert time.monotonic() - began < 3
    assert asyncio.all_tasks() == {asyncio.current_task()}


@skipping_waits
async def test_a_quiet_stream_is_kept_alive_by_a_sample_of_silence() -> None:
    async with local_path(recognizer=ScriptedRecognizer()) as path:
        async with flux_running(flux(path)) as pipeline:
            await asyncio.sleep(3 * FluxOptions().idle_timeout)
            assert pipeline.handled == [("on_connected",)]
            assert 0 < path.emulator.streams[0].audio_bytes_in < 50
            await pipeline.speak(marked_audio(0, COUNT))
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, COUNT)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_other_sample_rates(rate: int) -> None:
    async with flux_path() as path:
        async with flux_running(flux(path), sample_rate=rate) as pipeline:
            await pipeline.speak(marked_audio(0, 10, sample_rate=rate), rate=rate)
        assert f"sample_rate={rate}" in path.emulator.streams[0].query
    assert pipeline.words == words(0, 10)


@pytest.mark.parametrize("encoding", ["linear32", "mulaw", "alaw"])
async def test_other_encodings(encoding: str) -> None:
    async with flux_path("reset@bytes=9000") as path:
        async with flux_running(flux(path, encoding=encoding)) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
        assert f"encoding={encoding}" in path.emulator.streams[0].query
    assert pipeline.words == words(0, COUNT)


async def test_the_query_says_what_is_set_and_no_more() -> None:
    settings = DeepgramFluxSageMakerSTTService.Settings(keyterm=["Pipe cat"], eot_threshold=0.8)
    async with flux_path() as path:
        service = flux(path, settings=settings, tag=["a", "b"], mip_opt_out=True)
        async with flux_running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
        stream = path.emulator.streams[0]
    assert stream.path == "v2/listen"
    assert stream.query == (
        "model=flux-general-en&eot_threshold=0.8&keyterm=Pipe%20cat&encoding=linear16"
        "&sample_rate=16000&mip_opt_out=true&tag=a&tag=b"
    )


async def test_a_frames_user_is_whose_audio_it_was() -> None:
    async with flux_path(lag=0.3) as path, flux_running(flux(path)) as pipeline:
        for user, first in (("alice", 0), ("bob", 5)):
            audio = marked_audio(first, 5) + PAUSE
            for at in range(0, len(audio), 640):
                piece = audio[at : at + 640]
                await pipeline.send(
                    UserAudioRawFrame(audio=piece, sample_rate=16_000, num_channels=1, user_id=user)
                )
                await asyncio.sleep(0.004)
    assert [frame.user_id for frame in pipeline.finals] == ["alice", "bob"]


async def test_malformed_and_unknown_messages_cost_a_line_and_not_the_call() -> None:
    odd = '{"type":"TurnInfo","event":"Update","turn_index":0,"words":[{"start":"x"}]}'
    faults = (f"text={odd}@bytes=20000", "malformed@bytes=30000", 'text={"type":"New"}@bytes=9000')
    async with flux_path(*faults) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert pipeline.errors == []


async def test_a_service_that_is_down_comes_back_when_it_is_called_usable() -> None:
    async with flux_path("refuse=403:AccessDeniedException@connect,streams=1") as path:
        service = flux(path)
        async with flux_running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            await service.set_usable(True)
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.speak(marked_audio(0, COUNT))
    assert pipeline.words == words(0, COUNT)
    assert len(pipeline.errors) == 1


@pytest.mark.parametrize(
    ("options", "strategies", "interrupts"),
    [
        ({}, ExternalUserTurnStrategies, True),
        ({"should_interrupt": False}, ExternalUserTurnStrategies, False),
        ({"enable_eager_end_of_turn": True}, EagerUserTurnStrategies, True),
    ],
)
async def test_strategies_are_recommended_that_leave_turns_to_flux(
    options: dict[str, Any], strategies: type[ExternalUserTurnStrategies], interrupts: bool
) -> None:
    async with flux_path() as path, flux_running(flux(path, **options)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
    frame = next(frame for frame in pipeline.down if isinstance(frame, STTMetadataFrame))
    assert frame.user_turn_strategies is not None
    assert type(frame.user_turn_strategies) is strategies
    assert frame.user_turn_strategies.enable_interruptions is interrupts
    assert frame.ttfs_p99_latency == 0.0


def _service(**options: Any) -> DeepgramFluxSageMakerSTTService:
    return DeepgramFluxSageMakerSTTService(endpoint_name="d", region="us-east-1", **options)


def test_the_defaults_are_pipecats() -> None:
    service = _service()
    assert service._settings.model == "flux-general-en"
    assert service._settings.keyterm == []
    assert not service.supports_ttfs
    assert service._settings.eager_eot_threshold is None
    assert _service(enable_eager_end_of_turn=True)._settings.eager_eot_threshold == 0.5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"watchdog_timeout": 1.0}, "watchdog_min_timeout"),
        ({"encoding": "opus"}, "opus"),
        ({"sample_rate": 11_025}, "sample_rate"),
        ({"settings": DeepgramFluxSageMakerSTTService.Settings(eot_threshold=3)}, "eot_threshold"),
    ],
)
def test_what_cannot_be_is_refused_at_construction(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        _service(**options)


async def test_an_end_of_turn_is_the_applications_only_where_that_was_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="manual_turns"):
        await _service().end_turn()
