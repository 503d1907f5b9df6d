# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""LiveKit's Deepgram plugin against a container: WS_URL PCM_FILE; prints one line of JSON.

Runs in an environment of its own.
"""

# pyright: reportMissingImports=false

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
from livekit import rtc
from livekit.agents import stt
from livekit.plugins import deepgram

RATE = 16000


def frames(pcm: bytes) -> list[rtc.AudioFrame]:
    return [
        rtc.AudioFrame(pcm[at : at + 3200], RATE, 1, len(pcm[at : at + 3200]) // 2)
        for at in range(0, len(pcm), 3200)
    ]


async def listen(recognizer: stt.STT, pcm: bytes) -> list[str]:
    finals = []
    stream = recognizer.stream()
    for frame in frames(pcm):
        stream.push_frame(frame)
    stream.end_input()
    async for event in stream:
        if event.type is stt.SpeechEventType.FINAL_TRANSCRIPT:
            finals.append(event.alternatives[0].text)
    return finals


async def speak(synthesizer: Any) -> float:
    seconds = 0.0
    stream = synthesizer.stream()
    stream.push_text("abcdefghij")
    stream.end_input()
    async for event in stream:
        seconds += event.frame.duration
    await synthesizer.aclose()
    return seconds


async def main(url: str, path: str) -> None:
    pcm = Path(path).read_bytes()
    http = url.replace("ws://", "http://")
    async with aiohttp.ClientSession() as session:
        options = {"api_key": "any", "http_session": session}
        nova = deepgram.STT(base_url=f"{http}/v1/listen", **options)
        flux = deepgram.STTv2(base_url=f"{url}/v2/listen", **options)
        recorded = await nova.recognize(frames(pcm))
        results = {
            "stream": await listen(nova, pcm),
            "turns": await listen(flux, pcm),
            "recording": [recorded.alternatives[0].text],
            "speech": await speak(deepgram.TTS(base_url=f"{http}/v1/speak", **options)),
            "flux speech": await speak(deepgram.TTSv2(base_url=f"{url}/v2/speak", **options)),
        }
    print(json.dumps(results))


asyncio.run(main(*sys.argv[1:]))
