# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The output towards the client, on an HTTP/2 connection in memory."""

import asyncio

import pytest

from pipecat_sagemaker_deepgram.emulator.faults.actions import FragmentOutput
from pipecat_sagemaker_deepgram.emulator.records import StreamRecord
from pipecat_sagemaker_deepgram.emulator.stream.client_output import MOST_DELAYED, ClientOutput
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import MessageDecoder
from pipecat_sagemaker_deepgram.emulator.stream.parts import Part

from ..http.test_http2 import Pair, received


class Stage:
    """An output on a stream of a pair; it is its own owner."""

    def __init__(self) -> None:
        self.pair = Pair(output_buffer=10**9)
        self.stream = self.pair.open().stream
        self.stream.respond(200, [])
        self.record = StreamRecord(1, 1)
        self.output = ClientOutput(self.stream, self.record, self)
        self.sent = 0
        self.flushed = asyncio.Event()

    def event_sent(self) -> None:
        self.sent += 1

    def delayed_output_sent(self) -> None:
        self.flushed.set()

    def payloads(self) -> list[bytes]:
        return [each.payload for each in MessageDecoder().feed(received(self.pair.exchange()))]


@pytest.fixture
async def stage() -> Stage:
    return Stage()


async def test_parts_are_sent_and_counted(stage: Stage):
    stage.output.shaper.alter(FragmentOutput(3))
    stage.output.send_part(Part(b"hello", is_text=True))
    assert stage.payloads() == [b"hel", b"lo"]
    assert stage.record.events_out == stage.sent == 2


async def test_nothing_is_sent_after_the_end(stage: Stage):
    stage.output.end()
    stage.output.send_part(Part(b"late", is_text=True))
    stage.output.fail("ModelStreamError", Message="late")
    stage.output.end()
    assert stage.payloads() == []
    assert not stage.stream.is_open
    assert stage.record.events_out == 0


async def test_an_error_ends_the_output_and_counts(stage: Stage):
    stage.output.fail_unmodelled("Odd", "very")
    assert not stage.stream.is_open
    assert stage.record.events_out == 1


async def test_a_delay_holds_events_and_the_end_back(stage: Stage):
    stage.output.delay(0.02)
    stage.output.send_part(Part(b"held", is_text=True))
    stage.output.end()
    assert stage.payloads() == []
    assert stage.stream.is_open
    await stage.flushed.wait()
    assert stage.payloads() == [b"held"]
    assert not stage.stream.is_open


async def test_too_much_delayed_output_is_congestion(stage: Stage):
    stage.output.delay(60)
    stage.output.send_part(Part(b"x" * MOST_DELAYED, is_text=True))
    assert stage.output.is_congested
    stage.output.discard()


async def test_discarded_output_is_never_sent(stage: Stage):
    later = Stage()
    for each, seconds in ((stage, 0.01), (later, 0.02)):
        each.output.delay(seconds)
        each.output.send_part(Part(b"held", is_text=True))
    stage.output.discard()
    await later.flushed.wait()
    assert later.payloads() == [b"held"]
    assert stage.payloads() == []
