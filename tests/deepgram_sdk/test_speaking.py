# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speaking through Deepgram's SDK, on real sockets: every text is spoken once, and whole."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from deepgram.speak.v1.types import SpeakV1Text
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosedError

from pipecat_sagemaker_deepgram.client import Connected, Lost, StreamChanged
from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo
from pipecat_sagemaker_deepgram.deepgram_sdk import factory as factory_module
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, StreamStalledError

from ..local_path import LocalPath
from .sdk_path import DEADLINE, SdkPath, deepgram_client

V1 = "wss://x/v1/speak?model=aura-2-thalia-en"
V2 = "wss://x/v2/speak?model=flux-heather-en"
SAID = ("The quick brown fox jumps. ", "Over the lazy dog, again and again. ", "Then it rests.")


class Letters:
    """Speaks 40 ms for each letter, each letter in a sound of its own."""

    sample_rate = 24_000
    model_info = ModelInfo("letters", "1", "none", "11111111-2222-3333-4444-555555555555")

    def load(self) -> None:
        """There is nothing to load."""

    def speak(self, text: str, speed: float) -> NDArray[np.float32]:
        levels = [ord(letter) / 256 for letter in text if letter.isalpha()]
        return np.repeat(np.array(levels, np.float32), round(960 / speed))


def audio_of(*texts: str, speed: float = 1.0) -> bytes:
    """What the voice makes of texts, as linear16."""
    samples = Letters().speak("".join(texts), speed)
    return np.rint(samples * 32_767).astype("<i2").tobytes()


@asynccontextmanager
async def speaking_path(*faults: str, speech_pace: float = 1e9) -> AsyncIterator[SdkPath]:
    """Run an endpoint with that voice."""
    container_options = ContainerOptions(speech_pace=speech_pace)
    async with ModelContainer(
        ScriptedRecognizer(), synthesizer=Letters(), options=container_options
    ) as container:
        await container.wait_until_ready(5)
        script = FaultScript([parse_fault(text) for text in faults])
        async with SageMakerEmulator(container.url, faults=script) as emulator:
            yield SdkPath(LocalPath(emulator))


def say(text: str) -> str:
    return json.dumps({"type": "Speak", "text": text})


FLUSH, CLOSE = '{"type":"Flush"}', '{"type":"Close"}'


async def hear(transport: Any) -> list[Any]:
    """What comes until the end: messages, and the audio between two of them as one piece."""
    heard: list[Any] = []
    async with asyncio.timeout(DEADLINE):
        async for message in transport:
            if isinstance(message, str):
                heard.append(json.loads(message))
            elif heard and isinstance(heard[-1], bytes):
                heard[-1] += message
            else:
                heard.append(message)
    await transport.close()
    return heard


def audio_in(heard: list[Any]) -> bytes:
    return b"".join(piece for piece in heard if isinstance(piece, bytes))


def kinds(heard: list[Any]) -> list[str]:
    return ["audio" if isinstance(piece, bytes) else piece["type"] for piece in heard]


FAULTS = {
    "none": (),
    "before any audio": ("drop@control=Flush",),
    "in the first sentence": ("reset@events=4",),
    "in the second": ("drop@events=18",),
    "two in a row": ("reset@events=8", "reset@events=12,streams=2"),
    "an error event": ("model-stream-error@events=10",),
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_aura_goes_on_where_it_was_cut(faults: Any) -> None:
    async with speaking_path(*faults) as path:
        transport = path.factory().create(V1)
        for text in (*SAID[:2], None, SAID[2], None):
            await transport.send(say(text) if text else FLUSH)
        await transport.send(CLOSE)
        heard = await hear(transport)
    assert audio_in(heard) == audio_of(*SAID)
    assert kinds(heard) == ["Metadata", "audio", "Flushed", "audio", "Flushed"]
    assert [each["sequence_id"] for each in heard if kinds([each]) == ["Flushed"]] == [0, 1]
    assert len(path.of(Lost)) == len(faults)


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_flux_goes_on_with_the_turn_that_was_cut(faults: Any) -> None:
    async with speaking_path(*faults) as path:
        transport = path.factory().create(V2)
        for text in (*SAID[:2], None, SAID[2], None):
            await transport.send(say(text) if text else FLUSH)
        await transport.send(CLOSE)
        heard = await hear(transport)
    assert audio_in(heard) == audio_of(*SAID)
    turn = ["SpeechStarted", "audio", "Flushed", "SpeechMetadata"]
    assert kinds(heard) == ["Connected", *turn, *turn, "SessionMetadata"]
    reported = [each for each in heard if isinstance(each, dict)]
    names = [each["speech_id"] for each in reported if "speech_id" in each]
    assert names == [names[0]] * 3 + [names[3]] * 3
    assert names[0] != names[3]
    assert heard[-1]["total_input_character_count"] == len("".join(SAID))
    milliseconds = len(audio_of(*SAID)) / 48
    assert heard[-1]["total_audio_duration_ms"] == pytest.approx(milliseconds, abs=1)
    assert len(path.of(Lost)) == len(faults)


@pytest.mark.parametrize("url", [V1, V2], ids=["v1", "v2"])
async def test_text_without_a_flush_is_spoken_with_the_close(url: str) -> None:
    async with speaking_path("reset@events=3") as path:
        transport = path.factory().create(url)
        await transport.send(say(SAID[0] + SAID[2]))
        await transport.send(CLOSE)
        heard = await hear(transport)
    assert audio_in(heard) == audio_of(SAID[0], SAID[2])
    assert "Flushed" not in kinds(heard) or url == V2


async def test_the_sdk_speaks_v1() -> None:
    async with speaking_path("reset@events=6") as path:
        client = deepgram_client(path.factory())
        heard: list[Any] = []
        async with client.speak.v1.connect(model="aura-2-thalia-en") as connection:
            await connection.send_text(SpeakV1Text(type="Speak", text="".join(SAID)))
            await connection.send_flush()
            await connection.send_close()
            async with asyncio.timeout(DEADLINE):
                async for message in connection:
                    heard.append(message)
    assert b"".join(each for each in heard if isinstance(each, bytes)) == audio_of(*SAID)


async def test_the_sdk_speaks_v2() -> None:
    speak_types = pytest.importorskip("deepgram.speak.v2.types", reason="an SDK from 7 on")
    async with speaking_path("reset@events=6") as path:
        client = deepgram_client(path.factory())
        heard: list[Any] = []
        async with client.speak.v2.connect(model="flux-heather-en") as connection:
            text = speak_types.SpeakV2Speak(type="Speak", text="".join(SAID))
            await connection.send_speak(text)
            await connection.send_flush()
            await connection.send_close()
            async with asyncio.timeout(DEADLINE):
                async for message in connection:
                    heard.append(message)
    assert b"".join(each for each in heard if isinstance(each, bytes)) == audio_of(*SAID)


async def _until(transport: Any, condition: Callable[[Any], bool]) -> list[Any]:
    heard: list[Any] = []
    async with asyncio.timeout(DEADLINE):
        while not heard or not condition(heard[-1]):
            message = await transport.recv()
            heard.append(json.loads(message) if isinstance(message, str) else message)
    return heard


def _is(kind: str) -> Callable[[Any], bool]:
    return lambda message: isinstance(message, dict) and message["type"] == kind


async def test_what_was_cleared_is_not_spoken_again() -> None:
    async with speaking_path("reset@control=Clear", speech_pace=0.1) as path:
        transport = path.factory().create(V1)
        await transport.send(say(SAID[0] * 5))
        await transport.send(FLUSH)
        await _until(transport, lambda message: isinstance(message, bytes))
        await transport.send('{"type":"Clear"}')
        await transport.send(say(SAID[2]))
        await transport.send(FLUSH)
        cleared = await _until(transport, _is("Cleared"))
        spoken = await _until(transport, _is("Flushed"))
        await transport.close()
    assert len(path.of(Lost)) == 1
    assert audio_in(spoken) == audio_of(SAID[2])
    assert cleared[-1]["sequence_id"] == 0
    assert spoken[-1]["sequence_id"] == 1


async def test_an_interrupted_turn_is_interrupted_on_the_next_stream() -> None:
    async with speaking_path("reset@control=Interrupt", speech_pace=0.1) as path:
        transport = path.factory().create(V2)
        await transport.send(say(SAID[0] * 5))
        await transport.send(FLUSH)
        started = await _until(transport, _is("SpeechStarted"))
        await _until(transport, lambda message: isinstance(message, bytes))
        offset = {"type": "time_ms", "value": 50}
        await transport.send(json.dumps({"type": "Interrupt", "playback_offset": offset}))
        heard = await _until(transport, _is("SpeechInterrupted"))
        await transport.send(say(SAID[2]))
        await transport.send(FLUSH)
        spoken = await _until(transport, _is("SpeechMetadata"))
        await transport.close()
    assert len(path.of(Lost)) == 1
    assert heard[-1]["metadata"]["speech_id"] == started[-1]["speech_id"]
    assert audio_in(spoken) == audio_of(SAID[2])


async def test_a_speed_that_was_set_holds_on_the_next_stream() -> None:
    async with speaking_path("reset@events=8") as path:
        transport = path.factory().create(V2)
        await transport.send('{"type":"Configure","speed":1.15}')
        await transport.send(say(SAID[0]))
        await transport.send(FLUSH)
        await transport.send(CLOSE)
        heard = await hear(transport)
    assert len(path.of(Lost)) == 1
    assert audio_in(heard) == audio_of(SAID[0], speed=1.15)
    assert kinds(heard).count("ConfigureSuccess") == 1


async def test_text_that_ends_every_stream_ends_the_connection() -> None:
    async with speaking_path() as path:
        transport = path.factory().create(V1)
        await transport.send(say("x" * 2_001))
        await transport.send(FLUSH)
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectionClosedError) as failure:
                await _until(transport, _is("Flushed"))
        await transport.close()
    assert "1009" in str(failure.value.__cause__)
    assert len(path.of(Connected)) == 2


@pytest.mark.parametrize("url", [V1, V2], ids=["v1", "v2"])
async def test_an_idle_stream_that_is_ended_costs_nothing(url: str) -> None:
    async with speaking_path("end@events=1", "end@events=1,streams=2") as path:
        transport = path.factory().create(url)
        receiving = asyncio.create_task(_until(transport, _is("Flushed")))
        async with asyncio.timeout(DEADLINE):
            while len(path.of(Connected)) < 3:
                await asyncio.sleep(0.005)
        await transport.send(say(SAID[0]))
        await transport.send(FLUSH)
        heard = await receiving
        await transport.close()
    assert audio_in(heard) == audio_of(SAID[0])
    assert len(path.of(Lost)) == 2


async def test_a_container_that_does_not_speak_is_left_for_another_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(factory_module, "SPEECH_PATIENCE", 4.0)
    async with speaking_path("silence@events=4") as path:
        transport = path.factory().create(V1)
        await transport.send(say(SAID[0]))
        await transport.send(FLUSH)
        await transport.send(CLOSE)
        heard = await hear(transport)
    assert audio_in(heard) == audio_of(SAID[0])
    assert path.of(StreamChanged)


async def test_an_endpoint_that_never_speaks_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(factory_module, "SPEECH_PATIENCE", 0.1)
    async with speaking_path("silence@events=1,streams=every") as path:
        transport = path.factory().create(V1)
        await transport.send(say(SAID[0]))
        await transport.send(FLUSH)
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectionClosedError) as failure:
                await _until(transport, _is("Flushed"))
        await transport.close()
    assert isinstance(failure.value.__cause__, StreamStalledError)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_stream_that_speaks_takes_no_audio_and_no_ping() -> None:
    async with speaking_path() as path:
        transport = path.factory().create(V1)
        with pytest.raises(ConfigurationError, match="not binary"):
            await transport.send(b"audio")
        with pytest.raises(ConfigurationError, match="none is needed"):
            await transport.ping()
        await transport.close()
