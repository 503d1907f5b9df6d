# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""HTTP/1.1 without a socket."""

import pytest

from pipecat_sagemaker_deepgram.emulator.http.http1 import Http1Answer, Http1Server
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

ANSWER = Http1Answer(200, [("x-what", "so")], b"body")
POST = b"POST /path?query HTTP/1.1\r\nHost: it:1\r\nX-Thing: yes\r\nContent-Length: 4\r\n\r\ndata"


@pytest.fixture
def asked() -> list[tuple[SignedRequest, bytes]]:
    return []


@pytest.fixture
def server(asked: list[tuple[SignedRequest, bytes]]) -> Http1Server:
    def answer(request: SignedRequest, body: bytes) -> Http1Answer:
        asked.append((request, body))
        return ANSWER

    return Http1Server(answer)


def test_a_request_is_answered_wherever_its_bytes_are_cut(
    server: Http1Server, asked: list[tuple[SignedRequest, bytes]]
):
    for byte in POST:
        server.receive_data(bytes([byte]))
    assert asked == [(SignedRequest("POST", "/path?query", "it:1", asked[0][0].headers), b"data")]
    assert asked[0][0].value("x-thing") == "yes"
    assert server.data_to_send() == (
        b"HTTP/1.1 200 \r\nx-what: so\r\ncontent-length: 4\r\n\r\nbody"
    )
    assert not server.is_over


def test_requests_follow_one_another(server: Http1Server, asked: list[tuple[SignedRequest, bytes]]):
    server.receive_data(POST + POST)
    server.receive_data(POST)
    assert len(asked) == 3
    assert server.data_to_send().count(b"HTTP/1.1 200") == 3


def test_a_client_that_wants_no_second_request_gets_its_answer_first(server: Http1Server):
    server.receive_data(POST.replace(b"X-Thing: yes", b"Connection: close"))
    assert b"HTTP/1.1 200" in server.data_to_send()
    assert server.is_over


def test_what_is_no_request_is_refused(server: Http1Server):
    server.receive_data(b"nonsense\r\n\r\n")
    assert server.data_to_send().startswith(b"HTTP/1.1 400 ")
    assert server.is_over


def test_a_body_that_is_too_long_is_cut_off(server: Http1Server):
    server.receive_data(b"POST / HTTP/1.1\r\nHost: it\r\nContent-Length: 2000000\r\n\r\n")
    for _ in range(20):
        server.receive_data(bytes(60_000))
    assert server.data_to_send().startswith(b"HTTP/1.1 413 ")
    assert server.is_over


def test_the_head_of_an_answer_has_no_body(server: Http1Server):
    server.receive_data(b"HEAD / HTTP/1.1\r\nHost: it\r\n\r\n")
    assert server.data_to_send().endswith(b"content-length: 4\r\n\r\n")
