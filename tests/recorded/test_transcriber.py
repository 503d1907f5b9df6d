# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings through the emulated endpoint."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from pipecat_sagemaker_deepgram.client import RetryPolicy
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, marked_audio
from pipecat_sagemaker_deepgram.emulator import parse_fault
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ModelUnavailableError,
    RejectedError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.recorded import (
    InterimArrived,
    ModeWanted,
    Progress,
    RawFormat,
    RecordedEvent,
    RecordedSettings,
    RecordingError,
    RecordingTranscriber,
    SegmentArrived,
    TurnArrived,
)
from tests.local_path import LocalPath, local_path, words

from .files import samples_of, write_words
from .places import transcriber_of

BOTH: list[ModeWanted] = ["stream", "sync"]
FLUX = RecordedSettings(model="flux-general-en")
BRIEF = RetryPolicy(retry_budget=0.3)


@pytest.fixture
async def path():
    async with local_path() as it:
        yield it


@pytest.mark.parametrize("mode", BOTH)
async def test_every_word_is_there_once_with_its_time(tmp_path: Path, path: LocalPath, mode):
    async with transcriber_of(path.emulator, mode=mode) as transcriber:
        found = await transcriber.transcribe(write_words(tmp_path / "a", words=95))
    assert found.text.split() == words(0, 95)
    assert (found.mode, found.is_complete, found.problem) == (mode, True, "")
    assert (found.seconds, found.sample_rate, found.channels) == (9.5, 16_000, 1)
    spoken = [word for segment in found.segments for word in segment.words]
    assert [word.start for word in spoken] == pytest.approx([n / 10 for n in range(95)], abs=0.01)
    (waveform,) = found.waveforms
    assert (len(waveform.peaks), waveform.channel, waveform.per_second) == (95, None, 10)
    assert bool(found.streams) == bool(found.interims) == (mode == "stream")
    assert (found.latencies is None) == (mode == "sync")


@pytest.mark.parametrize("mode", BOTH)
async def test_bytes_are_transcribed_as_files_are(path: LocalPath, mode):
    async with transcriber_of(path.emulator, mode=mode) as transcriber:
        raw = RawFormat(sample_rate=16_000)
        found = await transcriber.transcribe(marked_audio(5, 20), name="call", raw=raw)
    assert (found.source, found.text.split()) == ("call", words(5, 20))


@pytest.mark.parametrize(
    ("settings", "names"), [(RecordedSettings(), ()), (FLUX, ("agent", "customer"))]
)
async def test_channels_are_transcribed_separately(
    tmp_path: Path, path: LocalPath, settings: RecordedSettings, names: tuple[str, ...]
):
    both = np.stack([samples_of(marked_audio(0, 30)), samples_of(marked_audio(50, 30))], axis=1)
    soundfile.write(tmp_path / "a.wav", both, 16_000)
    async with transcriber_of(
        path.emulator, settings=settings, split_channels=True, channel_names=names
    ) as transcriber:
        found = await transcriber.transcribe(tmp_path / "a.wav")
    for channel, first in ((0, 0), (1, 50)):
        said = [each.text for each in found.segments if each.channel == channel]
        assert " ".join(said).split() == words(first, 30)
    assert found.channel_names == (names or ("channel 1", "channel 2"))
    assert [waveform.channel for waveform in found.waveforms] == [0, 1]
    assert {stream.channel for stream in found.streams} == {0, 1}


@pytest.mark.parametrize(
    ("channels", "names", "problem"),
    [
        (1, ["agent", "customer"], "a.wav has 1 channel, but 2 channel names were given"),
        (2, ["agent"], "a.wav has 2 channels, but 1 channel name was given"),
        (2, ["a", "b", "c"], "a.wav has 2 channels, but 3 channel names were given"),
    ],
)
async def test_as_many_names_as_channels_are_needed(
    tmp_path: Path, path: LocalPath, channels: int, names: list[str], problem: str
):
    soundfile.write(tmp_path / "a.wav", np.zeros((1600, channels)), 16_000)
    async with transcriber_of(
        path.emulator, split_channels=True, channel_names=names
    ) as transcriber:
        with pytest.raises(RecordingError, match=problem):
            await transcriber.transcribe(tmp_path / "a.wav")
    assert not path.emulator.streams


async def test_the_only_channel_can_have_a_name(tmp_path: Path, path: LocalPath):
    soundfile.write(tmp_path / "a.wav", samples_of(marked_audio(0, 10)), 16_000)
    async with transcriber_of(
        path.emulator, split_channels=True, channel_names=["agent"]
    ) as transcriber:
        found = await transcriber.transcribe(tmp_path / "a.wav")
    assert (found.channel_names, found.text.split()) == (("agent",), words(0, 10))
    assert {segment.channel for segment in found.segments} == {0}


def test_names_need_channels_that_are_separate():
    with pytest.raises(ConfigurationError, match="channel_names needs split_channels"):
        RecordingTranscriber("endpoint", "us-east-1", channel_names=["agent"])


async def test_flux_reports_turns(tmp_path: Path, path: LocalPath):
    audio = marked_audio(0, 10) + bytes(64_000) + marked_audio(10, 10) + bytes(64_000)
    events: list[RecordedEvent] = []
    async with transcriber_of(path.emulator, settings=FLUX, on_event=events.append) as transcriber:
        found = await transcriber.transcribe(audio, raw=RawFormat(sample_rate=16_000))
    assert [turn.text.split() for turn in found.turns] == [words(0, 10), words(10, 10)]
    assert [turn.trigger for turn in found.turns] == ["model", "model"]
    assert found.text.split() == words(0, 20)
    reported = [type(each) for each in events if isinstance(each, TurnArrived | SegmentArrived)]
    assert reported == [TurnArrived, SegmentArrived] * 2


async def test_what_is_heard_is_reported_before_the_end(tmp_path: Path, path: LocalPath):
    events: list[RecordedEvent] = []
    recording = write_words(tmp_path / "a", words=100)
    async with transcriber_of(path.emulator, on_event=events.append) as transcriber:
        found = await transcriber.transcribe(recording)
    reported = [event.segment for event in events if isinstance(event, SegmentArrived)]
    assert reported == found.segments
    assert any(isinstance(event, InterimArrived) for event in events)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert last == Progress(str(recording), 10.0, 10.0)


@pytest.mark.parametrize("fault", ["reset@bytes=64000", "drop@bytes=200000", "end@events=20"])
async def test_a_stream_that_breaks_costs_no_word(tmp_path: Path, path: LocalPath, fault: str):
    path.emulator.faults.add(parse_fault(fault))
    async with transcriber_of(path.emulator) as transcriber:
        found = await transcriber.transcribe(write_words(tmp_path / "a", words=100))
    assert found.text.split() == words(0, 100)
    first, second = found.streams
    assert first.lost is not None
    assert first.cause
    assert second.replayed_seconds > 0


async def test_a_pause_is_not_waited_through_in_real_time(path: LocalPath):
    """A minute of silence is listened to bit by bit, which is what makes room for more."""
    audio = marked_audio(0, 10) + bytes(60 * 32_000) + marked_audio(10, 10)
    events: list[RecordedEvent] = []
    async with transcriber_of(path.emulator, on_event=events.append) as transcriber:
        found = await transcriber.transcribe(audio, raw=RawFormat(sample_rate=16_000))
    assert found.text.split() == words(0, 20)
    within = [e.heard for e in events if isinstance(e, Progress) and 2.0 < e.heard < 60.0]
    assert len(within) >= 5


# What an endpoint takes


async def test_an_endpoint_that_refuses_its_first_stream_and_takes_a_recording_is_one_for_those(
    tmp_path: Path, path: LocalPath
):
    path.emulator.faults.add(parse_fault("refuse=424@connect,streams=1"))
    recording = write_words(tmp_path / "a", words=20)
    async with transcriber_of(path.emulator) as transcriber:
        first = await transcriber.transcribe(recording)
        second = await transcriber.transcribe(recording)
    assert (first.mode, second.mode) == ("sync", "sync")
    assert first.text.split() == second.text.split() == words(0, 20)
    assert transcriber.known.streams is False
    operations = [stream.operation for stream in path.emulator.streams]
    assert operations[1:] == ["InvokeEndpoint"] * 2


async def test_an_endpoint_that_is_full_at_first_is_streamed_to_after_all(
    tmp_path: Path, path: LocalPath
):
    path.emulator.faults.add(parse_fault("refuse=424@connect,streams=1-2"))
    policy = RetryPolicy(initial_backoff=0.0, max_retries=0)
    async with transcriber_of(path.emulator, retry_policy=policy) as transcriber:
        found = await transcriber.transcribe(write_words(tmp_path / "a", words=20))
    assert found.mode == "stream"
    assert found.text.split() == words(0, 20)


async def test_a_stream_that_is_refused_later_is_tried_again(tmp_path: Path, path: LocalPath):
    path.emulator.faults.add(parse_fault("refuse=424@connect,streams=2-3"))
    recording = write_words(tmp_path / "a", words=20)
    async with transcriber_of(path.emulator) as transcriber:
        await transcriber.transcribe(recording)
        second = await transcriber.transcribe(recording)
    assert second.mode == "stream"
    assert second.text.split() == words(0, 20)


# Requests that fail


@pytest.mark.parametrize("status", [429, 503, 424])
async def test_a_request_is_made_again_where_that_helps(
    tmp_path: Path, path: LocalPath, status: int
):
    path.emulator.faults.add(parse_fault(f"refuse={status}@connect,streams=1-2"))
    async with transcriber_of(path.emulator, mode="sync") as transcriber:
        found = await transcriber.transcribe(write_words(tmp_path / "a", words=20))
    assert found.attempts == 3
    assert found.text.split() == words(0, 20)


@pytest.mark.parametrize("mode", BOTH)
async def test_what_goes_on_failing_is_given_up(tmp_path: Path, path: LocalPath, mode):
    path.emulator.faults.add(parse_fault("refuse=429@connect,streams=every"))
    async with transcriber_of(path.emulator, mode=mode, retry_policy=BRIEF) as transcriber:
        with pytest.raises(ThrottledError):
            await transcriber.transcribe(write_words(tmp_path / "a", words=20))


async def test_a_request_that_the_container_refuses_is_not_made_again(
    tmp_path: Path, path: LocalPath
):
    settings = RecordedSettings(parameters={"no_such": "1"})
    async with transcriber_of(path.emulator, mode="sync", settings=settings) as transcriber:
        with pytest.raises(ModelUnavailableError, match="no_such"):
            await transcriber.transcribe(write_words(tmp_path / "a", words=20))
    assert len(path.emulator.streams) == 1


@pytest.mark.parametrize("mode", BOTH)
async def test_an_endpoint_that_is_not_there_is_named(tmp_path: Path, mode):
    async with local_path(endpoint_names=["other"]) as path:
        async with transcriber_of(path.emulator, mode=mode) as transcriber:
            with pytest.raises(RejectedError, match="deepgram"):
                await transcriber.transcribe(write_words(tmp_path / "a", words=20))


# What cannot be transcribed


@pytest.mark.parametrize("mode", ["auto", *BOTH])
async def test_a_file_without_audio_is_refused(tmp_path: Path, path: LocalPath, mode):
    (tmp_path / "a.wav").write_bytes(b"no sound" * 100)
    async with transcriber_of(path.emulator, mode=mode) as transcriber:
        with pytest.raises(RecordingError, match=r"a\.wav is not a readable recording"):
            await transcriber.transcribe(tmp_path / "a.wav")
    assert path.emulator.streams == []


async def test_a_recording_that_turns_out_to_be_empty_ends_its_stream(
    tmp_path: Path, path: LocalPath
):
    write_words(tmp_path / "a", words=0)
    async with transcriber_of(path.emulator) as transcriber:
        with pytest.raises(RecordingError, match="contains no audio"):
            await transcriber.transcribe(tmp_path / "a.wav")


@pytest.mark.parametrize("mode", BOTH)
async def test_a_file_that_is_cut_off_is_transcribed_as_far_as_it_goes(
    tmp_path: Path, path: LocalPath, mode
):
    recording = write_words(tmp_path / "a", words=100)
    recording.write_bytes(recording.read_bytes()[: 44 + 160_000])
    async with transcriber_of(path.emulator, mode=mode) as transcriber:
        found = await transcriber.transcribe(recording)
    assert found.text.split() == words(0, 50)
    assert not found.is_complete
    assert found.problem == "is cut off: it contains 5.0 s of 10.0 s"


async def test_flux_cannot_be_sent_a_recording_whole(tmp_path: Path, path: LocalPath):
    async with transcriber_of(path.emulator, mode="sync", settings=FLUX) as transcriber:
        with pytest.raises(RecordingError, match="Flux accepts streams only"):
            await transcriber.transcribe(write_words(tmp_path / "a", words=20))


async def test_what_is_stopped_keeps_what_was_sent(tmp_path: Path):
    async with local_path(behavior=ScriptedBehavior(max_speed=20.0)) as path:

        def stop(event: RecordedEvent) -> None:
            if isinstance(event, Progress) and event.heard > 1.0:
                transcriber.stop()

        async with transcriber_of(path.emulator, on_event=stop) as transcriber:
            found = await transcriber.transcribe(write_words(tmp_path / "a", words=900))
    heard = found.text.split()
    assert 0 < len(heard) < 900
    assert heard == words(0, len(heard))
    assert found.is_stopped
    assert found.problem == f"stopped after {found.seconds:.1f} s of audio"


def test_an_option_that_there_is_not_is_refused():
    with pytest.raises(TypeError, match="no_such"):
        RecordingTranscriber("e", "us-east-1", no_such=1)  # type: ignore[call-arg]


def test_a_region_is_needed(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match="region is not given"):
        RecordingTranscriber("e")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"concurrency": 0}, "concurrency is 0; it must be at least 1"),
        ({"speed": 0}, "speed is 0; it must be more than 0"),
        ({"split_channels": "perhaps"}, "split_channels is 'perhaps'"),
        ({"mode": "Stream"}, "It takes 'auto' or 'stream' or 'sync'"),
        ({"config": {"stall_timeout": 3}}, "config is of type dict"),
        ({"settings": {"model": "nova-2"}}, "settings is of type dict"),
        ({"channel_names": "agent"}, "channel_names needs split_channels"),
    ],
)
def test_what_cannot_work_is_refused_at_once(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        RecordingTranscriber("deepgram", "us-east-1", **options)


def test_a_switch_may_be_text() -> None:
    given: Any = {"split_channels": "false"}
    with pytest.raises(ConfigurationError, match="channel_names needs split_channels"):
        RecordingTranscriber("deepgram", "us-east-1", channel_names=["agent"], **given)
