# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Events on a stream, against a bare peer that says exactly what arrives, and how."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pipecat_sagemaker_deepgram.exceptions import EventStreamError, ModelStreamError
from pipecat_sagemaker_deepgram.transport import SageMakerStream, StreamOpener, TransportConfig
from pipecat_sagemaker_deepgram.transport.eventstream import (
    EventStreamDecoder,
    encode_message,
    encode_string_header,
)
from pipecat_sagemaker_deepgram.transport.parts import encode_part

from .bare_peer import BarePeer
from .conftest import Authority, BareStart, known_credentials, request_to


@asynccontextmanager
async def receiving(
    data: bytes, bare_server: BareStart, authority: Authority
) -> AsyncIterator[SageMakerStream]:
    """A stream whose peer sends some bytes in one frame and ends it."""

    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.respond()
        peer.send(data)
        peer.end()
        await peer.until(lambda: peer.is_lost)

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(server.url), known_credentials())
        try:
            yield stream
        finally:
            await stream.close(timeout=1)


def event(payload: bytes, **headers: str) -> bytes:
    named = {":message-type": "event", ":event-type": "PayloadPart", **headers}
    return encode_message(
        b"".join(encode_string_header(name, value) for name, value in named.items()), payload
    )


async def test_messages_before_a_broken_event_are_delivered_first(
    bare_server: BareStart, authority: Authority
) -> None:
    whole = encode_part(b"whole", "UTF8")
    data = whole + whole + whole[:-1] + b"\x00"
    async with receiving(data, bare_server, authority) as stream:
        assert await stream.receive() == "whole"
        assert await stream.receive() == "whole"
        for _ in range(2):
            with pytest.raises(EventStreamError):
                await stream.receive()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (event(b"half", CompletionState="PARTIAL"), "before the last part of a message"),
        (event(b"whole")[:-3], "inside an event"),
    ],
)
async def test_an_end_in_the_middle_is_no_proper_end(
    data: bytes, sentence: str, bare_server: BareStart, authority: Authority
) -> None:
    async with receiving(data, bare_server, authority) as stream:
        with pytest.raises(EventStreamError, match=sentence):
            await stream.receive()


async def test_unknown_events_are_passed_over_and_an_empty_message_is_one(
    bare_server: BareStart, authority: Authority
) -> None:
    data = event(b"{}", **{":event-type": "FuturePart"}) + event(b"") + event(b"x")
    async with receiving(data, bare_server, authority) as stream:
        assert await stream.receive() == b""
        assert await stream.receive() == b"x"
        assert await stream.receive() is None


async def test_a_failure_in_the_stream_comes_after_the_messages_before_it(
    bare_server: BareStart, authority: Authority
) -> None:
    failure = event(
        b'{"Message": "gone", "ErrorCode": "1011"}',
        **{":message-type": "exception", ":exception-type": "ModelStreamError"},
    )
    async with receiving(event(b"x") + failure, bare_server, authority) as stream:
        assert await stream.receive() == b"x"
        with pytest.raises(ModelStreamError, match="ModelStreamError 1011") as caught:
            await stream.receive()
        assert caught.value.identity == stream.identity
        assert await stream.receive() is None


async def test_the_input_ends_with_an_empty_signed_event_and_then_the_stream(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.respond()
        await peer.until(lambda: peer.input_ended)

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(server.url), known_credentials())
        await stream.send(b"audio")
        await stream.end_input()
        peer = server.peers[0]
        await peer.until(lambda: peer.input_ended)
        outer = list(EventStreamDecoder().feed(peer.body))
        assert [set(each.headers) for each in outer] == [{":date", ":chunk-signature"}] * 2
        assert [int(each.headers[":date"]) % 1000 for each in outer] == [0, 0]
        assert outer[1].payload == b""
        (inner,) = EventStreamDecoder().feed(outer[0].payload)
        assert inner.payload == b"audio"
        await stream.close(timeout=1)


async def test_a_message_is_sent_at_once_while_the_peer_has_room_for_it_and_not_beyond(
    bare_server: BareStart, authority: Authority
) -> None:
    """What was refused is sent by a send that waits, in its place."""

    async def script(peer: BarePeer) -> None:
        peer.is_acknowledging = False
        await peer.request()
        peer.respond()
        await peer.until(lambda: peer.is_lost)

    async with bare_server(script) as server:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        stream = await opener.open(request_to(server.url), known_credentials())
        count = 0
        while stream.send_now(b"%04d" % count * 250):
            count += 1
        assert 0 < count < 66, "the window of HTTP/2 holds 65,535 bytes"
        peer = server.peers[0]
        assert not stream.send_now(b"x" * 1000)
        waiting = asyncio.create_task(stream.send(b"last"))
        await asyncio.sleep(0)
        assert not stream.send_now(b""), "a send is waiting"
        peer.h2.increment_flow_control_window(1000, peer.stream_id)
        peer.h2.increment_flow_control_window(1000)
        peer.flush()
        await asyncio.wait_for(waiting, 5)
        await stream.end_input()
        assert not stream.send_now(b"late")
        await peer.until(lambda: peer.input_ended)
        outer = list(EventStreamDecoder().feed(peer.body))
        inner = [list(EventStreamDecoder().feed(each.payload)) for each in outer[:-1]]
        payloads = [each.payload for (each,) in inner]
        assert payloads == [b"%04d" % each * 250 for each in range(count)] + [b"last"]
        await stream.close(timeout=1)
