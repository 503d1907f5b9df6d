# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's Python SDK: listen v1 and v2, recordings, speech on streams and by POST."""

import asyncio
import warnings
from collections.abc import AsyncIterator

import httpx
import pytest

from pipecat_sagemaker_deepgram.container import marked_audio
from tests.gateway.recorded.test_listening import files, here, serve_file

from ..conversation import cut, wav
from .servers import SERVERS_WITHOUT_AUDIO, Server, each_server, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # The SDK uses what websockets has deprecated.
    from deepgram.core.api_error import ApiError
    from deepgram.core.events import EventType
    from deepgram.environment import DeepgramClientEnvironment
    from deepgram.types.listen_v1response import ListenV1Response

    from deepgram import AsyncDeepgramClient

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def sdk(server: Server, session: httpx.AsyncClient) -> AsyncDeepgramClient:
    """The SDK, with another base URL."""
    environment = DeepgramClientEnvironment(
        base=server.http, production=server.url, agent=server.url, agent_rest=server.http
    )
    return AsyncDeepgramClient(api_key="any", environment=environment, httpx_client=session)


@pytest.fixture
async def client(server: Server) -> AsyncIterator[AsyncDeepgramClient]:
    async with httpx.AsyncClient() as session:
        yield sdk(server, session)


@each_server()
async def test_listen_v1(client: AsyncDeepgramClient):
    heard: list = []
    async with client.listen.v1.connect(
        model="nova-3", encoding="linear16", sample_rate=16000, interim_results=True,
        keyterm=["two words", "three"], extra="k:v",
    ) as socket:  # fmt: skip
        socket.on(EventType.MESSAGE, heard.append)
        listening = asyncio.create_task(socket.start_listening())
        for frame in cut(marked_audio(0, 20)):
            await socket.send_media(frame)
        await socket.send_finalize()
        await socket.send_keep_alive()
        await socket.send_close_stream()
        await listening
    finals = [m for m in heard if m.type == "Results" and m.is_final]
    text = " ".join(m.channel.alternatives[0].transcript for m in finals).split()
    assert text == [f"w{index}" for index in range(20)]
    assert heard[-1].type == "Metadata"


@each_server()
async def test_a_wav_on_a_stream_needs_nothing_but_a_model(client: AsyncDeepgramClient):
    """As AWS's published client sends it, header and all."""
    heard: list = []
    async with client.listen.v1.connect(model="nova-3") as socket:
        socket.on(EventType.MESSAGE, heard.append)
        listening = asyncio.create_task(socket.start_listening())
        for frame in cut(wav(marked_audio(0, 20)), 8192):
            await socket.send_media(frame)
        await socket.send_close_stream()
        await listening
    finals = [m for m in heard if m.type == "Results" and m.is_final]
    text = " ".join(m.channel.alternatives[0].transcript for m in finals).split()
    assert text == [f"w{index}" for index in range(20)]


@each_server()
async def test_listen_v2(client: AsyncDeepgramClient):
    heard: list = []
    async with client.listen.v2.connect(
        model="flux-general-en", encoding="linear16", sample_rate=16000
    ) as socket:
        socket.on(EventType.MESSAGE, heard.append)
        listening = asyncio.create_task(socket.start_listening())
        for frame in cut(marked_audio(0, 10) + bytes(64000), 2560):
            await socket.send_media(frame)
        await socket.send_close_stream()
        await listening
    (turn,) = [m for m in heard if m.type == "TurnInfo" and m.event == "EndOfTurn"]
    assert turn.transcript == " ".join(f"w{index}" for index in range(10))


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_recordings(client: AsyncDeepgramClient):
    response = await client.listen.v1.media.transcribe_file(
        request=wav(marked_audio(0, 5)), model="nova-3", utterances=True, punctuate=True
    )
    assert isinstance(response, ListenV1Response)
    (alternative,) = response.results.channels[0].alternatives or []
    assert alternative.transcript == "w0 w1 w2 w3 w4"


@each_server("container")
async def test_a_refused_recording_says_why(client: AsyncDeepgramClient):
    with pytest.raises(ApiError) as refused:
        await client.listen.v1.media.transcribe_url(url="https://example.com/a.wav")
    assert "no network access" in str(refused.value.body)


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_speech_by_post(client: AsyncDeepgramClient):
    pieces = client.speak.v1.audio.generate(text="Hello there.", encoding="linear16")
    audio = b"".join([piece async for piece in pieces])
    assert audio.startswith(b"RIFF")


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_speech_on_v1(client: AsyncDeepgramClient):
    from deepgram.speak.v1.types import SpeakV1Text

    heard: list = []
    async with client.speak.v1.connect(
        model="aura-2-thalia-en", encoding="linear16", sample_rate=24000
    ) as socket:
        socket.on(EventType.MESSAGE, heard.append)
        listening = asyncio.create_task(socket.start_listening())
        await socket.send_text(SpeakV1Text(text="abcdefghij"))
        await socket.send_flush()
        await socket.send_close()
        await listening
    kinds = [m.type for m in heard if not isinstance(m, bytes)]
    assert kinds == ["Metadata", "Flushed"]
    assert len(b"".join(m for m in heard if isinstance(m, bytes))) == 24000


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_speech_on_v2(client: AsyncDeepgramClient):
    from deepgram.speak.v2.types import SpeakV2Speak

    heard: list = []
    async with client.speak.v2.connect(model="flux-heather-en") as socket:
        socket.on(EventType.MESSAGE, heard.append)
        listening = asyncio.create_task(socket.start_listening())
        await socket.send_speak(SpeakV2Speak(text="abcdefghij"))
        await socket.send_flush()
        await socket.send_close()
        await listening
    kinds = [m.type for m in heard if not isinstance(m, bytes)]
    assert kinds == [
        "Connected", "SpeechStarted", "Flushed", "SpeechMetadata", "SessionMetadata",
    ]  # fmt: skip


async def test_a_recording_behind_a_url():
    from pipecat_sagemaker_deepgram.gateway.recorded.addresses import FetchOptions

    async with (
        files(serve_file) as url,
        serving("gateway", fetch=FetchOptions(is_allowed=here)) as server,
        httpx.AsyncClient() as session,
    ):
        response = await sdk(server, session).listen.v1.media.transcribe_url(
            url=f"{url}/speech.wav", model="nova-3"
        )
    assert isinstance(response, ListenV1Response)
    (alternative,) = response.results.channels[0].alternatives or []
    assert alternative.transcript == " ".join(f"w{index}" for index in range(20))
