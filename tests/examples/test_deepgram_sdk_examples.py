# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The examples of Deepgram's SDK, against an endpoint on this machine."""

import argparse
import asyncio
import os
import sys
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from deepgram.transport import restore_transport

from examples import flux, live_mic, live_mic_flux, stt, tts
from pipecat_sagemaker_deepgram.cli.microphone import open_microphone

from ..cli.test_microphone import FakeSounddevice, install
from ..deepgram_sdk.sdk_path import DEADLINE, SPEECH, sdk_path
from ..local_path import words


@pytest.fixture(autouse=True)
def nothing_is_left_in_the_process() -> Iterator[None]:
    """What ``--local`` sets, and what the SDK keeps for all of the process."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
    restore_transport()


async def sound(audio: bytes = SPEECH) -> AsyncIterator[bytes]:
    """A microphone that is switched off in the end."""
    for start in range(0, len(audio), 640):
        yield audio[start : start + 640]
        await asyncio.sleep(0.002)


def said(texts: list[str]) -> list[str]:
    return " ".join(texts).lower().replace(".", "").split()


async def test_a_recording_is_transcribed(capsys: pytest.CaptureFixture[str]) -> None:
    async with sdk_path("reset@bytes=60000") as path:
        heard = await stt.transcribe(path.factory(), SPEECH, speed=10)
    assert said(heard) == words(0, 50)
    assert "0.00 s  " in capsys.readouterr().out


async def test_a_recording_is_followed_turn_by_turn(capsys: pytest.CaptureFixture[str]) -> None:
    async with sdk_path("reset@bytes=60000") as path:
        turns = await flux.turns_of(path.factory(), SPEECH, speed=10)
    assert [said([turn]) for turn in turns] == [words(0, 25), words(25, 25)]
    assert "turn 1 begins" in capsys.readouterr().out


@pytest.mark.parametrize("example", [live_mic, live_mic_flux], ids=["nova", "flux"])
async def test_a_microphone_is_transcribed(example: Any) -> None:
    async with sdk_path("reset@bytes=60000") as path:
        async with asyncio.timeout(DEADLINE):
            heard = await example.listen(path.factory(), sound())
    assert said(heard) == words(0, 50)


@pytest.mark.parametrize("example", [live_mic, live_mic_flux], ids=["nova", "flux"])
async def test_a_device_is_listened_to_until_it_is_interrupted(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = install(monkeypatch, FakeSounddevice())
    async with sdk_path() as path:
        async with open_microphone(None) as blocks:
            listening = asyncio.create_task(example.listen(path.factory(), blocks))
            async with asyncio.timeout(DEADLINE):
                while not any(each.audio_bytes_in >= 3 * 640 for each in _streams(path)):
                    await asyncio.sleep(0.01)
            listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await listening
    assert fake.is_closed


def _streams(path: Any) -> list[Any]:
    return path.path.emulator.streams


@pytest.mark.speech
def test_human_speech_is_transcribed_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["stt.py", "--local", "--speed", "4"])
    assert stt.main() == 0
    assert "Ever tried." in capsys.readouterr().out


async def test_two_voices_speak_into_a_file(tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    audio = await tts.run(argparse.Namespace(local=True, output=path))
    with wave.open(str(path)) as file:
        assert file.getframerate() == 24_000
        assert file.readframes(file.getnframes()) == audio
    assert 2 < len(audio) / 48_000 < 20


def test_what_is_spoken_is_played_where_there_is_a_speaker(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Speaker(FakeSounddevice):
        def RawOutputStream(self, **asked: Any) -> "Speaker":
            self.asked = asked
            if self._problem is not None:
                raise self._problem
            return self

        def __enter__(self) -> "Speaker":
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, audio: bytes) -> None:
            self.played = audio

    speaker = Speaker()
    install(monkeypatch, speaker)
    tts.play(b"speech")
    assert speaker.played == b"speech"
    assert speaker.asked["samplerate"] == 24_000
    install(monkeypatch, Speaker(FakeSounddevice.PortAudioError("no such device")))
    tts.play(b"speech")
    assert "not played: no such device" in capsys.readouterr().err


@pytest.mark.parametrize("example", [stt, flux, live_mic, live_mic_flux, tts])
def test_what_goes_wrong_is_reported(
    example: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(monkeypatch, FakeSounddevice())
    monkeypatch.setattr(sys, "argv", ["example", "--endpoint", "none", "--region", "us-east-1"])
    assert example.main() == 1
    assert "error: No AWS credentials" in capsys.readouterr().err
