# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Calls: sessions that are fed 20 ms at a time, in real time; alone, and in Pipecat pipelines."""

import asyncio

from benchmarks.recorded.speech import spoken, words_in
from pipecat_sagemaker_deepgram.cli.events import WordsHeard
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import NovaConversation
from pipecat_sagemaker_deepgram.deepgram.v1.steps import FinalHeard
from pipecat_sagemaker_deepgram.recorded import Pace, RecordedSettings
from pipecat_sagemaker_deepgram.stt import DeepgramSageMakerSTTService

FRAME_SECONDS = 0.02
FRAME_BYTES = 640


async def hold_calls(endpoint_name: str, count: int, seconds: int) -> float:
    """Hold calls at the same time; return the seconds of audio whose words all arrived."""
    audio = spoken(0, words_in(seconds))
    await asyncio.gather(*(_call(endpoint_name, audio) for _ in range(count)))
    return float(count * seconds)


async def _call(endpoint_name: str, audio: bytes) -> None:
    query = RecordedSettings().stream_query(16_000)
    conversation = NovaConversation(query=lambda: query, bytes_per_second=lambda: 32_000)
    client = SageMakerBidiClient(endpoint_name, protocol=conversation.protocol)
    listening = asyncio.create_task(_listen(client, conversation))
    client.connect()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, at in enumerate(range(0, len(audio), FRAME_BYTES)):
        await client.send_audio_chunk(audio[at : at + FRAME_BYTES])
        await asyncio.sleep(max(0.0, began + (number + 1) * FRAME_SECONDS - loop.time()))
    await client.close_session(timeout=10.0)
    heard = await listening
    assert heard == [f"w{number}" for number in range(len(heard))]
    assert len(heard) == words_in(len(audio) / 32_000)


async def hold_pipecat_calls(endpoint_name: str, count: int, seconds: int) -> float:
    """Hold calls through Pipecat pipelines; return the seconds of audio whose words all arrived."""
    audio = spoken(0, words_in(seconds))
    await asyncio.gather(*(_pipecat_call(endpoint_name, audio) for _ in range(count)))
    return float(count * seconds)


async def _pipecat_call(endpoint_name: str, audio: bytes) -> None:
    service = DeepgramSageMakerSTTService(endpoint_name=endpoint_name)
    words: list[str] = []
    async with Transcription(service, [audio], pace=Pace(1.0)) as transcription:
        async for event in transcription:
            if isinstance(event, WordsHeard) and event.is_final:
                words += event.text.split()
    assert len(words) == words_in(len(audio) / 32_000)


async def _listen(client: SageMakerBidiClient, conversation: NovaConversation) -> list[str]:
    words: list[str] = []
    loop = asyncio.get_running_loop()
    while (record := await client.receive_record()) is not None:
        for step in conversation.observe(record, loop.time()):
            if isinstance(step, FinalHeard):
                words += step.transcript.results.alternative.transcript.split()
    return words
