# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Several endpoints: by model, in order, those that work first."""

import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.client import Connected, Lost, Target
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError
from pipecat_sagemaker_deepgram.gateway import Endpoint
from pipecat_sagemaker_deepgram.gateway.endpoints import MOVED_BACK_FOR, EndpointList
from tests.container.conversation import converse, cut, listen_url, submit, wav
from tests.gateway.running import running_gateway
from tests.local_path import marked_audio, words

FIRST, SECOND = Target(endpoint_name="first"), Target(endpoint_name="second")
BREAK = "drop@bytes=64000,streams=1"
BOTH = EndpointList([Endpoint(target=FIRST), Endpoint(target=SECOND, models=("nova-*",))])


def endpoints(*names: str) -> dict:
    return {
        "endpoints": tuple(
            Endpoint(target=Target(endpoint_name=name, region="us-east-1")) for name in names
        )
    }


def there(*names: str) -> dict:
    return {"endpoint_names": names}


def test_a_model_that_an_endpoint_is_configured_with_is_known():
    endpoints = EndpointList([Endpoint(target=FIRST, models=("ours-*",))])
    assert endpoints.knows("ours-1", "v1/listen")
    assert not endpoints.knows("theirs-1", "v1/listen")
    assert EndpointList([Endpoint(target=FIRST)]).knows("nova-3", "v1/listen")


async def test_a_stream_goes_on_and_the_next_one_begins_at_the_other_endpoint():
    options, path = endpoints("first", "second"), there("first", "second")
    async with running_gateway(BREAK, options=options, path=path) as gateway:
        reply = await converse(gateway.url, cut(marked_audio(0, 60)))
        again = await converse(gateway.url, cut(marked_audio(0, 5)))
        used = [stream.endpoint_name for stream in gateway.emulator.streams]
    assert reply.text.split() == words(0, 60)
    assert again.text.split() == words(0, 5)
    assert (used[0], used[-1]) == ("first", "second")


async def test_a_request_goes_to_the_next_endpoint():
    options, path = endpoints("missing", "second"), there("second")
    async with running_gateway(options=options, path=path) as gateway:
        answer = await submit(gateway.url, "/v1/listen?model=nova-3", wav(marked_audio(0, 5)))
    assert answer.status == 200


async def test_where_no_endpoint_is_left_the_client_is_asked_to_wait():
    async with running_gateway(options=endpoints("a", "b"), path=there("c")) as gateway:
        with pytest.raises(InvalidStatus) as refused:
            await connect(listen_url(gateway.url))
        answer = await submit(gateway.url, "/v1/listen?model=nova-3", wav(marked_audio(0, 5)))
    response = refused.value.response
    assert (response.status_code, answer.status) == (503, 503)
    assert response.headers["Retry-After"] == answer.headers["Retry-After"] == "5"
    assert json.loads(response.body or b"")["err_code"] == "SERVICE_UNAVAILABLE"


def test_an_endpoint_is_chosen_by_its_models():
    assert BOTH.targets("nova-3", 0.0) == (FIRST, SECOND)
    assert BOTH.targets("flux-general-en", 0.0) == (FIRST,)
    assert EndpointList([Endpoint(target=SECOND, models=("nova-*",))]).targets("aura", 0.0) == ()


@pytest.mark.parametrize(
    ("event", "order"),
    [
        (Lost(1, StreamLostError("lost")), (SECOND, FIRST)),
        (Connected(1, StreamIdentity(), 9.0, 0.0, True), (SECOND, FIRST)),
        (Connected(1, StreamIdentity(), 0.1, 0.0, True), (FIRST, SECOND)),
    ],
)
def test_one_that_has_failed_or_was_slow_comes_last_for_a_while(event: object, order: tuple):
    endpoints = EndpointList(BOTH.endpoints)
    endpoints.observe(event, {1: FIRST}, 100.0)  # pyright: ignore[reportArgumentType]
    assert endpoints.targets("nova-3", 100.0) == order
    assert endpoints.targets("nova-3", 100.0 + MOVED_BACK_FOR) == (FIRST, SECOND)
