# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The headers of a request are encoded plainly, and their secrets stay out of tables and logs."""

import logging

import pytest
from hpack import Decoder, HeaderTuple, NeverIndexedHeaderTuple

from pipecat_sagemaker_deepgram.transport.http2_frames import PlainEncoder

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
