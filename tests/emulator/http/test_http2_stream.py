# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Flow control of one stream, in memory."""

from h2 import events
from h2.errors import ErrorCodes

from .test_http2 import Pair, received


def test_output_waits_for_the_window_and_the_producer_is_told():
    pair = Pair(output_buffer=1000)
    exchange = pair.open()
    exchange.stream.respond(200, [])
    exchange.stream.write(b"x" * 65_535)
    exchange.stream.write(b"y" * 1000)
    assert exchange.reported == []
    exchange.stream.write(b"z")
    assert exchange.reported == [True]
    found = pair.exchange()
    assert len(received(found)) == 65_535
    pair.client.acknowledge_received_data(65_535, 1)
    assert received(pair.exchange()) == b"y" * 1000 + b"z"
    assert exchange.reported == [True, False]


def test_the_end_comes_after_what_waits():
    pair = Pair()
    stream = pair.open().stream
    stream.respond(200, [])
    stream.write(b"x" * 70_000)
    stream.end()
    assert not any(isinstance(event, events.StreamEnded) for event in pair.exchange())
    pair.client.acknowledge_received_data(65_535, 1)
    found = pair.exchange()
    assert len(received(found)) == 70_000 - 65_535
    assert isinstance(found[-1], events.StreamEnded)


def test_what_is_taken_opens_the_window_again():
    pair = Pair()
    pair.open()
    for _ in range(10):
        pair.client.send_data(1, b"x" * 16_000)
        pair.exchange()
    assert pair.client.local_flow_control_window(1) > 30_000


def test_held_input_keeps_the_window_shut_until_it_is_released():
    pair = Pair()
    exchange = pair.open()
    exchange.stream.hold_input()
    for _ in range(4):
        pair.client.send_data(1, b"x" * 16_000)
        pair.exchange()
    assert len(exchange.data) == 64_000
    assert pair.client.local_flow_control_window(1) == 65_535 - 64_000
    exchange.stream.release_input()
    pair.exchange()
    assert pair.client.local_flow_control_window(1) == 65_535


def test_padding_counts_for_the_window():
    pair = Pair()
    exchange = pair.open()
    for _ in range(300):
        pair.client.send_data(1, b"x", pad_length=250)
        pair.exchange()
    assert exchange.data == b"x" * 300
    assert pair.client.local_flow_control_window(1) > 30_000


def test_input_after_the_answer_is_dropped_and_the_connection_goes_on():
    """Held input too must not use up the connection's window."""
    pair = Pair()
    exchange = pair.open()
    exchange.stream.hold_input()
    pair.client.send_data(1, b"x" * 16_000)
    pair.exchange()
    exchange.stream.respond(429, [], body=b"no")
    pair.client.send_data(1, b"y" * 16_000)
    pair.exchange()
    assert b"y" not in exchange.data
    assert exchange.reported == []


def test_reset_ends_the_stream_for_good():
    pair = Pair()
    stream = pair.open().stream
    stream.respond(200, [])
    stream.reset(ErrorCodes.REFUSED_STREAM)
    stream.write(b"late")
    stream.end()
    stream.reset(ErrorCodes.CANCEL)
    resets = [event for event in pair.exchange() if isinstance(event, events.StreamReset)]
    assert [event.error_code for event in resets] == [ErrorCodes.REFUSED_STREAM]


def test_nothing_follows_the_end():
    pair = Pair()
    stream = pair.open().stream
    stream.respond(200, [], body=b"all")
    stream.write(b"more")
    stream.end()
    assert received(pair.exchange()) == b"all"
    assert not stream.is_open
