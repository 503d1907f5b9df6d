# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""All that the container says is what Deepgram's own Python SDK reads, and nothing more."""

import asyncio
import json
import warnings
from collections.abc import Iterable
from typing import Any, get_args

import numpy as np
import pydantic
import pytest
from websockets.asyncio.client import connect

from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)

from .conversation import converse, cut, flux_url, hear_out, listening

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # The SDK uses what websockets has deprecated.
    from deepgram.core.unchecked_base_model import construct_type
    from deepgram.listen.v1.socket_client import V1SocketClientResponse
    from deepgram.listen.v2.socket_client import V2SocketClientResponse

PAUSE = bytes(32_000)
HESITATION = bytes(32_000 * 3 // 10)

TURN_EVENTS = {"Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"}

UNTOLD = {"Metadata": {"models", "model_info", "extra"}}
"""Fields that Deepgram sends and its SDK's types leave out."""


def read(response: Any, message: dict[str, Any]) -> Any:
    """Check a message against the SDK's type of its name, and read it as the SDK does.

    Args:
        response: The union of all types of an API.
        message: What the container has sent.
    """
    by_name = {each.model_fields["type"].default: each for each in get_args(response)}
    strictly = by_name[message["type"]].model_validate(message, strict=True)
    assert set(unknown_fields(strictly)) == UNTOLD.get(message["type"], set())
    loosely = construct_type(type_=response, object_=message)
    assert type(loosely) is type(strictly)
    assert json.loads(loosely.model_dump_json(exclude_unset=True)) == message
    return loosely


def unknown_fields(value: Any) -> Iterable[str]:
    """The fields of a message, and of what is in it, that its types do not have."""
    if isinstance(value, pydantic.BaseModel):
        yield from value.model_extra or ()
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from unknown_fields(each)


def container(**flux: Any) -> ModelContainer:
    turns = ScriptedTurns(pause=0.4, word_lag=0.1)
    behavior = ScriptedBehavior(turns=turns)
    return ModelContainer(ScriptedRecognizer(behavior), flux=FluxOptions(**flux))


async def say_on_v2(
    steps: Iterable[bytes | str], more: str = "", *, multilingual: bool = False, **flux: Any
) -> list[Any]:
    """Say things on v2/listen; what came back, as the SDK reads it."""
    async with container(**flux) as running:
        await running.wait_until_ready()
        url = flux_url(running.url, more)
        if multilingual:
            url = url.replace("flux-general-en", "flux-general-multi") + "&language_hint=en"
        async with connect(url, compression=None) as websocket:
            hearing = asyncio.create_task(hear_out(websocket))
            for step in (*steps, '{"type":"CloseStream"}'):
                for frame in cut(step, 2560) if isinstance(step, bytes) else [step]:
                    await websocket.send(frame)
            reply = await hearing
    return [read(V2SocketClientResponse, message) for message in reply.messages]


def types_of(messages: Iterable[Any]) -> set[str]:
    return {message.type for message in messages}


@pytest.mark.parametrize("bundle", ["current", "2026-03"])
@pytest.mark.parametrize("multilingual", [False, True], ids=["English", "multilingual"])
async def test_all_events_of_turns(bundle: str, multilingual: bool) -> None:
    audio = marked_audio(0, 5) + HESITATION + marked_audio(5, 5) + PAUSE + marked_audio(10, 3)
    messages = await say_on_v2(
        [audio], "&eager_eot_threshold=0.35", multilingual=multilingual, bundle=bundle
    )
    assert types_of(messages) == {"Connected", "TurnInfo"}
    turns = [message for message in messages if message.type == "TurnInfo"]
    assert {turn.event for turn in turns} == TURN_EVENTS
    assert any(turn.words and turn.words[0].word == "w0" for turn in turns)


@pytest.mark.parametrize("finalizes", [True, False])
async def test_the_last_words_whatever_closing_does(finalizes: bool) -> None:
    messages = await say_on_v2([marked_audio(0, 5)], closestream_finalizes=finalizes)
    assert messages[-1].event == ("EndOfTurn" if finalizes else "Update")


async def test_answers_to_configure_and_force_end_turn() -> None:
    steps = [
        marked_audio(0, 5),
        '{"type":"ForceEndTurn"}',
        '{"type":"ForceEndTurn"}',
        '{"type":"Configure","thresholds":{"eot_threshold":0.8},"keyterms":["Pipecat"]}',
        '{"type":"Configure","numerals":true}',
        '{"type":"Configure","thresholds":{"eot_threshold":7.0}}',
    ]
    messages = await say_on_v2(steps)
    answers = {"Warning", "ConfigureSuccess", "ConfigureFailure"}
    assert types_of(messages) == {"Connected", "TurnInfo"} | answers
    manual = next(each for each in messages if getattr(each, "event", "") == "EndOfTurn")
    assert manual.trigger == "manual"


async def test_the_error_that_ends_a_connection() -> None:
    messages = await say_on_v2(['{"type":"KeepAlive"}'])
    assert types_of(messages) == {"Connected", "Error"}


@pytest.mark.parametrize(
    "more",
    ["", "&punctuate=true&smart_format=true", "&language=multi", "&channels=2&multichannel=true"],
)
async def test_results_of_v1(more: str) -> None:
    audio = marked_audio(0, 30) + PAUSE + PAUSE
    if "multichannel" in more:
        audio = np.repeat(np.frombuffer(audio, "<i2"), 2).tobytes()
    async with container() as running:
        await running.wait_until_ready()
        query = f"&vad_events=true&utterance_end_ms=1000{more}"
        reply = await converse(running.url, cut(audio), query)
    messages = [read(V1SocketClientResponse, message) for message in reply.messages]
    assert types_of(messages) == {"Results", "SpeechStarted", "UtteranceEnd", "Metadata"}
    finals = [each for each in messages if each.type == "Results" and each.is_final]
    assert any(final.channel.alternatives[0].words for final in finals)


async def test_answers_to_finalize_and_to_nonsense_of_v1() -> None:
    async with container() as running:
        await running.wait_until_ready()
        async with listening(running.url) as websocket:
            hearing = asyncio.create_task(hear_out(websocket))
            steps = [marked_audio(0, 5), '{"type":"Finalize"}', '{"type":"No"}', "{"]
            for step in (*steps, '{"type":"CloseStream"}'):
                await websocket.send(step)
            reply = await hearing
    messages = [read(V1SocketClientResponse, message) for message in reply.messages]
    assert types_of(messages) == {"Results", "Error", "Metadata"}
    assert any(each.type == "Results" and each.from_finalize for each in messages)
