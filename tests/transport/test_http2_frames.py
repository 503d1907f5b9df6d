# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How connections start, and that headers are encoded plainly, secrets outside tables and logs."""

import logging

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from hpack import Decoder, HeaderTuple, NeverIndexedHeaderTuple

from pipecat_sagemaker_deepgram.transport.http2_frames import (
    RECEIVE_WINDOW,
    PlainEncoder,
    client_connection,
)

HEADERS = (
    HeaderTuple(b":method", b"POST"),
    HeaderTuple(b"x-place", b"eu-west-1"),
    NeverIndexedHeaderTuple(b"authorization", b"a secret of the test"),
)


def test_a_peer_reads_the_headers_that_were_encoded_and_which_of_them_are_secret() -> None:
    encoder, decoder = PlainEncoder(), Decoder()
    for _ in range(2):
        found = decoder.decode(encoder.encode(HEADERS), raw=True)
        assert [tuple(each) for each in found] == [tuple(each) for each in HEADERS]
        assert [each.indexable for each in found] == [True, True, False]


def test_values_are_written_as_they_are() -> None:
    encoded = PlainEncoder().encode(HEADERS)
    assert b"eu-west-1" in encoded
    assert b"a secret of the test" in encoded


def test_a_peer_is_told_of_a_smaller_table() -> None:
    encoder, decoder = PlainEncoder(), Decoder()
    encoder.header_table_size = 64
    decoder.max_allowed_table_size = 64
    assert [tuple(each) for each in decoder.decode(encoder.encode(HEADERS), raw=True)] == [
        tuple(each) for each in HEADERS
    ]
    assert decoder.header_table_size == 64


def test_no_log_line_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    PlainEncoder().encode(HEADERS)
    assert "x-place" in caplog.text
    assert "secret of the test" not in caplog.text


def test_what_one_connection_does_leaves_the_next_ones_settings_alone() -> None:
    first = client_connection()
    first.initiate_connection()
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    server.receive_data(started := first.data_to_send())
    first.receive_data(server.data_to_send())
    second = client_connection()
    second.initiate_connection()
    assert second.data_to_send() == started
    assert server.remote_settings.initial_window_size == RECEIVE_WINDOW
    assert server.remote_settings.enable_push == 0
