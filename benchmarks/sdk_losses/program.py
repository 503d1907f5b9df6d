"""Transcribe linear16 on SageMaker by Deepgram's SDK: program.py v1|v2 FILE ENDPOINT REGION."""

import asyncio
import sys
from pathlib import Path

from deepgram.core.events import EventType
from deepgram_sagemaker import SageMakerTransportFactory

from deepgram import AsyncDeepgramClient


async def main(version, audio, endpoint, region):
    factory = SageMakerTransportFactory(endpoint_name=endpoint, region=region)
    client = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
    listen, model = client.listen.v1, "nova-3"
    if version == "v2":
        listen, model = client.listen.v2, "flux-general-en"

    def on_message(message):
        if message.type == "Results" and message.is_final:
            print(message.channel.alternatives[0].transcript, flush=True)
        if message.type == "TurnInfo" and message.event == "EndOfTurn":
            print(message.transcript, flush=True)

    async with listen.connect(model=model, encoding="linear16", sample_rate="16000") as connection:
        connection.on(EventType.MESSAGE, on_message)
        connection.on(EventType.ERROR, lambda error: print(f"error: {error}", file=sys.stderr))
        listening = asyncio.create_task(connection.start_listening())
        for start in range(0, len(audio), 640):
            await connection.send_media(audio[start : start + 640])
            await asyncio.sleep(0.02)
        await connection.send_close_stream()
        await listening


_, version, path, *where = sys.argv
asyncio.run(main(version, Path(path).read_bytes(), *where))
