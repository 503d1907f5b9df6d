# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import sys
from types import ModuleType
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.cli.microphone import import_sounddevice, open_microphone


class FakeSounddevice(ModuleType):
    """Stands where the package would; a started stream gives three blocks at once."""

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self, problem: Exception | None = None) -> None:
        super().__init__("sounddevice")
        self.asked: dict[str, Any] = {}
        self.is_closed = False
        self._problem = problem

    def RawInputStream(self, **asked: Any) -> "FakeSounddevice":
        self.asked = asked
        if self._problem is not None:
            raise self._problem
        return self

    def start(self) -> None:
        for number in range(3):
            self.asked["callback"](memoryview(bytes([number]) * 640), 320, None, None)

    def close(self) -> None:
        self.is_closed = True


def install(monkeypatch: pytest.MonkeyPatch, fake: FakeSounddevice) -> FakeSounddevice:
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


async def test_its_sound_comes_in_order_as_what_deepgram_takes(monkeypatch: pytest.MonkeyPatch):
    fake = install(monkeypatch, FakeSounddevice())
    async with open_microphone("USB") as blocks:
        heard = [await anext(blocks) for _ in range(3)]
    assert heard == [bytes([number]) * 640 for number in range(3)]
    assert {name: fake.asked[name] for name in ("samplerate", "channels", "dtype", "device")} == {
        "samplerate": 16_000,
        "channels": 1,
        "dtype": "int16",
        "device": "USB",
    }
    assert fake.is_closed


async def test_a_microphone_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch):
    fake = FakeSounddevice(FakeSounddevice.PortAudioError("no such thing"))
    install(monkeypatch, fake)
    with pytest.raises(
        CommandError, match=r"microphone 'USB' cannot be used: no such thing.*--dev"
    ):
        async with open_microphone("USB"):
            pass


def test_missing_portaudio_is_reported(monkeypatch: pytest.MonkeyPatch):
    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(CommandError, match="libportaudio2"):
        import_sounddevice()
