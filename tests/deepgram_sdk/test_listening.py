# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Listening through Deepgram's SDK, on real sockets: whatever happens, every word comes once."""

import asyncio
from typing import Any

import pytest
from deepgram.core.api_error import ApiError
from deepgram.core.events import EventType
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from pipecat_sagemaker_deepgram.client import Connected, Lost, StreamChanged
from pipecat_sagemaker_deepgram.deepgram_sdk import TransportRequest
from pipecat_sagemaker_deepgram.exceptions import ConnectError, StreamLostError

from ..local_path import marked_audio, words
from .sdk_path import (
    COUNT,
    DEADLINE,
    LINEAR16,
    SPEECH,
    V1,
    V2,
    Listened,
    deepgram_client,
    sdk_path,
    speak,
    transcribe,
)

URL = "wss://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"

FAULTS = {
    "reset": ("reset@bytes=60000",),
    "drop": ("drop@bytes=60000",),
    "end": ("end@bytes=60000",),
    "model error": ("model-stream-error@bytes=60000",),
    "two in a row": ("reset@bytes=60000", "drop@bytes=20000,streams=2"),
    "in the drain": ("reset@control=CloseStream",),
}


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_a_fault_costs_no_word_and_repeats_none(version: str, faults: Any) -> None:
    async with sdk_path(*faults) as path:
        heard = await transcribe(path.factory(), version)
    assert heard.words == words(0, COUNT)
    assert heard.errors == []
    assert len(path.of(Lost)) == len(faults)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_stream_that_says_nothing_is_replaced(version: str) -> None:
    async with sdk_path("silence@bytes=60000") as path:
        factory = path.factory(client_config={"stall_timeout": 0.4})
        heard = await transcribe(factory, version)
    assert heard.words == words(0, COUNT)
    assert path.of(Lost)


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_another_stream_takes_over_before_the_thirty_minutes_are_over(version: str) -> None:
    rotation = {"rotate_after": 0.2, "rotate_jitter": 0.0, "rotate_by": 0.5}
    heard = Listened()
    async with sdk_path() as path:
        client = deepgram_client(path.factory(client_config=rotation))
        options = {"v1": V1, "v2": V2}[version] | LINEAR16
        async with getattr(client.listen, version).connect(**options) as connection:
            connection.on(EventType.MESSAGE, heard.messages.append)
            listening = asyncio.create_task(connection.start_listening())
            said = 0
            async with asyncio.timeout(DEADLINE):
                while not path.of(StreamChanged):
                    await speak(connection, marked_audio(said, 5))
                    said += 5
                await connection.send_close_stream()
                await listening
    assert heard.words == words(0, said)
    assert not path.of(Lost)


@pytest.mark.parametrize(("version", "answer"), [("v1", "Metadata"), ("v2", "Connected")])
async def test_a_connection_that_is_closed_first_of_all_is_answered(
    version: str, answer: str
) -> None:
    async with sdk_path() as path:
        heard = await transcribe(path.factory(), version, b"")
    [message] = heard.messages
    assert message.type == answer
    if answer == "Metadata":
        assert (message.duration, message.channels) == (0.0, 0)
    assert heard.errors == []


async def test_a_connection_that_is_closed_first_of_all_reports_a_refusal() -> None:
    async with sdk_path("refuse=404@connect") as path:
        heard = await transcribe(path.factory(), "v1", b"")
    [refused] = heard.errors
    assert isinstance(refused, ApiError)
    assert refused.status_code == 404


async def test_the_times_of_words_go_on_over_a_loss() -> None:
    async with sdk_path("reset@bytes=60000") as path:
        heard = await transcribe(path.factory(), "v1")
    finals = [message for message in heard.of("Results") if message.is_final]
    starts = [word.start for final in finals for word in final.channel.alternatives[0].words]
    expected = [index / 10 + (1.0 if index >= 25 else 0.0) for index in range(COUNT)]
    assert starts == pytest.approx(expected, abs=0.06)
    [metadata] = heard.of("Metadata")
    assert heard.messages[-1] is metadata
    assert metadata.duration == pytest.approx(6.0, abs=0.01)


async def test_a_turn_that_is_cut_is_one_turn() -> None:
    async with sdk_path("reset@bytes=60000") as path:
        heard = await transcribe(path.factory(), "v2")
    turns = [each for each in heard.of("TurnInfo") if each.event in ("StartOfTurn", "EndOfTurn")]
    assert [(each.event, each.turn_index) for each in turns] == [
        ("StartOfTurn", 0),
        ("EndOfTurn", 0),
        ("StartOfTurn", 1),
        ("EndOfTurn", 1),
    ]
    assert [each.transcript.split() for each in turns if each.event == "EndOfTurn"] == [
        words(0, 25),
        words(25, 25),
    ]
    numbers = [int(each.sequence_id) for each in heard.messages]
    assert numbers == list(range(len(numbers)))
    assert len(heard.of("Connected")) == 1


@pytest.mark.parametrize(("encoding", "silence"), [("mulaw", b"\xff"), ("alaw", b"\xd5")])
async def test_companded_audio_is_taken_as_it_is(encoding: str, silence: bytes) -> None:
    from pipecat_sagemaker_deepgram.stt.encoding import encoder

    encode = encoder(encoding)
    assert encode is not None
    audio = encode(marked_audio(0, 20)) + silence * 8_000
    async with sdk_path("reset@bytes=20000") as path:
        heard = await transcribe(path.factory(), "v1", audio, encoding=encoding)
    assert heard.words == words(0, 20)
    assert len(path.of(Lost)) == 1


async def test_a_recording_given_at_once_is_heard_whole() -> None:
    async with sdk_path("reset@bytes=900000") as path:
        factory = path.factory(
            max_replay_buffer_bytes=400_000, client_config={"max_unsent_bytes": 200_000}
        )
        audio = marked_audio(0, 500)
        async with deepgram_client(factory).listen.v1.connect(**V1, **LINEAR16) as connection:
            heard: list[Any] = []
            connection.on(EventType.MESSAGE, heard.append)
            listening = asyncio.create_task(connection.start_listening())
            for start in range(0, len(audio), 8_000):
                await connection.send_media(audio[start : start + 8_000])
            await connection.send_close_stream()
            async with asyncio.timeout(DEADLINE):
                await listening
    finals = [each for each in heard if each.type == "Results" and each.is_final]
    found = [word.word for each in finals for word in each.channel.alternatives[0].words]
    assert found == words(0, 500)
    assert len(path.of(Lost)) == 1


async def test_audio_in_a_container_goes_out_once_and_a_loss_ends_the_connection() -> None:
    async with sdk_path("reset@bytes=60000") as path:
        transport = path.factory().create("wss://x/v1/listen?model=nova-3")
        header = _wav_header(len(SPEECH))
        for start in range(0, len(SPEECH), 16_000):
            await transport.send((header if not start else b"") + SPEECH[start : start + 16_000])
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectionClosedError) as failure:
                await _to_the_end(transport)
        await transport.close()
    assert failure.value.__cause__ is not None
    assert len(path.of(Connected)) == 1


async def test_audio_in_a_container_is_heard_whole() -> None:
    async with sdk_path() as path:
        audio = _wav_header(len(SPEECH)) + SPEECH
        heard = await transcribe(path.factory(), "v1", audio, encoding=None, sample_rate=None)
    assert heard.words == words(0, COUNT)


def _wav_header(length: int) -> bytes:
    rate = (16_000).to_bytes(4, "little") + (32_000).to_bytes(4, "little")
    form = b"fmt \x10\0\0\0\x01\0\x01\0" + rate + b"\x02\0\x10\0"
    data = b"data" + length.to_bytes(4, "little")
    return b"RIFF" + (length + 36).to_bytes(4, "little") + b"WAVE" + form + data


# What keeps it alive, what ends it


async def test_a_ping_is_keep_alive_on_v1() -> None:
    async with sdk_path() as path:
        transport = path.factory().create(URL)
        await transport.send(bytes(3_200))
        await transport.ping()
        await transport.send('{"type":"CloseStream"}')
        async with asyncio.timeout(DEADLINE):
            assert '"Results"' in await _text(transport)
            await _to_the_end(transport)
        await transport.close()
        [stream] = path.path.emulator.streams
    assert stream.audio_bytes_in == 3_200
    assert stream.events_in == len(["audio", "KeepAlive", "CloseStream"])


@pytest.mark.parametrize("by", ["ping", "message"])
async def test_a_ping_is_silence_on_v2(by: str) -> None:
    async with sdk_path() as path:
        transport = path.factory().create(URL.replace("v1", "v2").replace("nova-3", V2["model"]))
        async with asyncio.timeout(DEADLINE):
            assert '"Connected"' in await _text(transport)
            await (transport.ping() if by == "ping" else transport.send('{"type":"KeepAlive"}'))
            await transport.send(marked_audio(0, 5) + bytes(32_000))
            while '"EndOfTurn"' not in await _text(transport):
                pass
            [stream] = path.path.emulator.streams
            while stream.audio_bytes_in < (all_sent := 16_000 + 32_000 + len(b"\0\0")):
                await asyncio.sleep(0.01)
            assert stream.audio_bytes_in == all_sent
        await transport.close()
    assert not path.of(Lost)


async def test_a_refused_endpoint_is_an_api_error_with_its_status() -> None:
    async with sdk_path("refuse=403:AccessDeniedException@connect,streams=every") as path:
        transport = path.factory().create(URL)
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ApiError) as failure:
                await transport.recv()
            with pytest.raises(ApiError):
                await transport.send(b"late")
        assert failure.value.status_code == 403
        await transport.close()


async def test_an_endpoint_that_cannot_be_reached_is_an_os_error() -> None:
    async with sdk_path() as path:
        factory = path.factory(max_retries=0, client_config={"endpoint_url": "https://127.0.0.1:1"})
        transport = factory.create(URL)
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectError):
                await transport.recv()
        await transport.close()


async def test_a_session_that_is_given_up_is_a_connection_that_failed() -> None:
    async with sdk_path("drop@bytes=3200,streams=every") as path:
        transport = path.factory(max_retries=1).create(URL)
        await transport.send(marked_audio(0, 10))
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectionClosedError) as failure:
                await transport.recv()
            with pytest.raises(ConnectionClosedError):
                await transport.send(b"late")
        await transport.close()
    assert failure.value.rcvd is not None
    assert failure.value.rcvd.code == 1011
    assert isinstance(failure.value.__cause__, StreamLostError)


async def test_a_closed_connection_takes_and_gives_nothing() -> None:
    async with sdk_path() as path:
        transport = path.factory().create(URL)
        await transport.close()
        with pytest.raises(ConnectionClosedOK):
            await transport.recv()
        with pytest.raises(ConnectionClosedOK):
            await transport.send(b"late")
        assert [message async for message in transport] == []
        await transport.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_signal_closes_the_connection() -> None:
    async with sdk_path() as path:
        signal = asyncio.Event()
        transport = path.factory().create(URL, {}, TransportRequest(abort_signal=signal))
        receiving = asyncio.create_task(transport.recv())
        signal.set()
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ConnectionClosedOK):
                await receiving
        await transport.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_destroy_closes_every_connection() -> None:
    async with sdk_path() as path:
        factory = path.factory()
        transports = [factory.create(URL), factory.create(URL)]
        await factory.destroy()
        for transport in transports:
            with pytest.raises(ConnectionClosedOK):
                await transport.send(b"late")


async def test_a_receive_that_is_cancelled_loses_nothing() -> None:
    async with sdk_path() as path:
        transport = path.factory().create(URL)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(transport.recv(), 0.01)
        await transport.send(marked_audio(0, 10))
        await transport.send('{"type":"CloseStream"}')
        async with asyncio.timeout(DEADLINE):
            heard = "".join([str(message) async for message in transport])
        assert '"w9"' in heard
        await transport.close()


async def test_finalize_is_answered_once_over_a_loss() -> None:
    async with sdk_path("reset@bytes=64000") as path:
        transport = path.factory().create(URL)
        await transport.send(marked_audio(0, 15))
        await transport.send('{"type":"Finalize"}')
        async with asyncio.timeout(DEADLINE):
            while '"from_finalize":true' not in await _text(transport):
                pass
            await transport.send(marked_audio(15, 15))
            await transport.send('{"type":"CloseStream"}')
            rest = "".join([str(message) async for message in transport])
        await transport.close()
    assert '"w29"' in rest
    assert '"from_finalize":true' not in rest
    assert path.of(Lost)


# Settings that were changed on the way


async def test_what_configure_has_set_is_set_on_the_next_stream_too() -> None:
    async with sdk_path("reset@bytes=60000") as path:
        client = deepgram_client(path.factory())
        answers: list[Any] = []
        is_answered = asyncio.Event()

        def note(message: Any) -> None:
            answers.append(message)
            if message.type == "ConfigureSuccess":
                is_answered.set()

        async with client.listen.v2.connect(**V2, **LINEAR16) as connection:
            connection.on(EventType.MESSAGE, note)
            listening = asyncio.create_task(connection.start_listening())
            thresholds = {"eot_threshold": 0.8}
            await connection._send({"type": "Configure", "thresholds": thresholds})
            async with asyncio.timeout(DEADLINE):
                await is_answered.wait()
            await speak(connection, SPEECH)
            await connection.send_close_stream()
            async with asyncio.timeout(DEADLINE):
                await listening
        [_, second] = path.path.emulator.streams
    assert "eot_threshold=0.8" in second.query
    assert path.of(Connected)[1].greeting == ""
    assert [each.type for each in answers].count("ConfigureSuccess") == 1


async def _text(transport: Any) -> str:
    message = await transport.recv()
    assert isinstance(message, str)
    return message


async def _to_the_end(transport: Any) -> None:
    async for _ in transport:
        pass
