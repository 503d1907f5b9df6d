#!/bin/sh
# Flux messages are objects in version 6, plain dicts in 7.0 to 7.2, and objects again by 7.8.
#
# Seen: 2026-11-28
# Guess: within version 7 a message is the same kind of thing.
#
# Code written for one breaks on the other without an import that fails: `message.event` is an error
# on a dict, `message["event"]` on an object, and an `isinstance(message, dict)` drops every turn.
# Messages of Nova were objects all the time.
. "$(dirname "$0")/lib.sh"
packages deepgram-sdk==7.17.0
packages websockets==15.0.1 # for the server, and old enough for all of them
python_program <<'EOF'
import asyncio
import json
from importlib.metadata import version

from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from websockets.asyncio.server import serve

from deepgram import AsyncDeepgramClient

NOVA = {
    "type": "Results",
    "channel_index": [0, 1],
    "start": 0,
    "duration": 1,
    "channel": {"alternatives": [{"transcript": "hello", "confidence": 1, "words": []}]},
    "metadata": {
        "request_id": "id",
        "model_uuid": "id",
        "model_info": {"name": "nova-3", "version": "1", "arch": "nova-3"},
    },
}
FLUX = {
    "type": "TurnInfo",
    "request_id": "id",
    "sequence_id": 1,
    "event": "EndOfTurn",
    "turn_index": 0,
    "audio_window_start": 0,
    "audio_window_end": 1,
    "transcript": "hello",
    "words": [],
    "end_of_turn_confidence": 0.9,
}


async def server(connection):
    is_flux = connection.request.path.startswith("/v2/")
    await connection.send(json.dumps(FLUX if is_flux else NOVA))


async def first_message(listening, **options):
    messages = []
    async with listening.connect(**options) as connection:
        connection.on(EventType.MESSAGE, messages.append)
        await asyncio.wait_for(connection.start_listening(), 10)
    return type(messages[0]).__name__


async def main():
    async with serve(server, "127.0.0.1", 0) as serving:
        url = f"ws://127.0.0.1:{serving.sockets[0].getsockname()[1]}"
        names = ("base", "production", "agent", "agent_rest")
        known = DeepgramClientEnvironment.__init__.__code__.co_varnames
        environment = DeepgramClientEnvironment(**{name: url for name in names if name in known})
        listen = AsyncDeepgramClient(api_key="key", environment=environment).listen
        nova = await first_message(listen.v1, model="nova-3")
        flux = await first_message(
            listen.v2, model="flux-general-en", encoding="linear16", sample_rate="16000"
        )
        print(f"deepgram-sdk {version('deepgram-sdk')}: Nova {nova}, Flux {flux}")


asyncio.run(main())
EOF
packages deepgram-sdk==7.8.1
same_python_program
packages deepgram-sdk==7.2.0
same_python_program
packages deepgram-sdk==6.0.0
same_python_program
expect <<'EOF'
deepgram-sdk 7.17.0: Nova ListenV1Results, Flux ListenV2TurnInfo
deepgram-sdk 7.8.1: Nova ListenV1Results, Flux ListenV2TurnInfo
deepgram-sdk 7.2.0: Nova ListenV1Results, Flux dict
deepgram-sdk 6.0.0: Nova ListenV1Results, Flux ListenV2TurnInfo
EOF
