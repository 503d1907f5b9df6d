# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""HTTP/1.1 without a socket."""

from dataclasses import dataclass, field

import pytest

from pipecat_sagemaker_deepgram.emulator.http.http1 import Http1Server
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

POST = b"POST /path?query HTTP/1.1\r\nHost: it:1\r\nX-Thing: yes\r\nContent-Length: 4\r\n\r\ndata"
HEAD = b"HEAD / HTTP/1.1\r\nHost: it\r\n\r\n"


@dataclass
class Asked:
    """An exchange that is answered when the test says so, or at once."""

    server: Http1Server
    request: SignedRequest
    at_once: bool
    body: bytes = b""
    events: list[str] = field(default_factory=list)

    def answer(self, status: int = 200) -> None:
        self.server.respond(status, [("x-what", "so")], body=b"body")

    def data_received(self, data: bytes) -> None:
        self.body += data

    def input_ended(self) -> None:
        self.events.append("ended")
        if self.at_once:
            self.answer()

    def stream_lost(self, reason: str) -> None:
        self.events.append(reason)

    def output_paused(self, paused: bool) -> None:
        raise AssertionError


class Scene:
    """A server and what it was asked."""

    def __init__(self, *, at_once: bool = True, refuse: bool = False) -> None:
        self.at_once = at_once
        self.refuse = refuse
        self.asked: list[Asked] = []
        self.server = Http1Server(self.accept)

    def accept(self, server: Http1Server, request: SignedRequest) -> Asked:
        asked = Asked(server, request, self.at_once)
        self.asked.append(asked)
        if self.refuse:
            asked.answer(413)
        return asked

    def said(self, data: bytes = b"") -> bytes:
        """What comes back when these bytes come in."""
        if data:
            self.server.receive_data(data)
        return self.server.data_to_send()


def test_a_request_is_answered_wherever_its_bytes_are_cut():
    scene = Scene()
    for byte in POST:
        scene.server.receive_data(bytes([byte]))
    (asked,) = scene.asked
    assert (asked.request.method, asked.request.path) == ("POST", "/path?query")
    assert (asked.request.authority, asked.request.value("x-thing")) == ("it:1", "yes")
    assert asked.body == b"data"
    assert scene.said() == b"HTTP/1.1 200 \r\nx-what: so\r\ncontent-length: 4\r\n\r\nbody"
    assert not scene.server.is_over


def test_requests_follow_one_another():
    scene = Scene()
    assert scene.said(POST + POST + POST[:5]).count(b"HTTP/1.1 200") == 2
    assert scene.said(POST[5:]).count(b"HTTP/1.1 200") == 1


def test_the_next_request_waits_for_the_answer_to_the_first():
    scene = Scene(at_once=False)
    assert scene.said(POST + POST) == b""
    assert len(scene.asked) == 1
    scene.asked[0].answer()
    assert scene.said().startswith(b"HTTP/1.1 200")
    assert len(scene.asked) == 2


def test_requests_do_not_pile_up_behind_one_without_an_answer():
    scene = Scene(at_once=False)
    assert scene.said(POST * 1000) == b""
    assert scene.server.is_over


def test_a_client_that_wants_no_second_request_gets_its_answer_first():
    scene = Scene()
    assert b"HTTP/1.1 200" in scene.said(POST.replace(b"X-Thing: yes", b"Connection: close"))
    assert scene.server.is_over


def test_a_client_that_asks_before_its_body_is_told_to_go_on():
    scene = Scene()
    head, body = POST.replace(b"X-Thing: yes", b"Expect: 100-continue").split(b"data")[0], b"data"
    assert scene.said(head).startswith(b"HTTP/1.1 100 ")
    assert scene.said(body).startswith(b"HTTP/1.1 200 ")


def test_a_chunked_body_is_taken():
    scene = Scene()
    head = b"POST / HTTP/1.1\r\nHost: it\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"HTTP/1.1 200" in scene.said(head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    assert scene.asked[0].body == b"abc"


@pytest.mark.parametrize("before", [b"", POST, HEAD])
def test_what_is_no_request_is_refused(before: bytes):
    scene = Scene()
    assert b"HTTP/1.1 400 " in scene.said(before + b"nonsense\r\n\r\n")
    assert scene.server.is_over


def test_what_comes_behind_a_refused_tunnel_is_refused_too():
    scene = Scene(at_once=False)
    assert scene.said(b"CONNECT it:443 HTTP/1.1\r\nHost: it\r\n\r\n\x16\x03\x01hello") == b""
    scene.asked[0].answer(405)
    said = scene.said()
    assert said.startswith(b"HTTP/1.1 405 ")
    assert b"HTTP/1.1 400 " in said
    assert scene.server.is_over


def test_an_early_answer_is_sent_and_the_rest_of_the_body_dropped():
    scene = Scene(refuse=True)
    assert scene.said(POST[:-4]).startswith(b"HTTP/1.1 413 ")
    assert scene.said(b"data") == b""
    assert scene.asked[0].body == b""
    assert scene.said(POST).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_end_is_not_read_for_ever():
    scene = Scene(refuse=True)
    scene.said(b"POST / HTTP/1.1\r\nHost: it\r\nContent-Length: 99999999999\r\n\r\n")
    for _ in range(65):
        scene.server.receive_data(bytes(2**20))
    assert scene.server.is_over


def test_the_head_of_an_answer_has_no_body():
    assert Scene().said(HEAD).endswith(b"content-length: 4\r\n\r\n")


def test_an_exchange_hears_that_its_client_is_gone():
    scene = Scene(at_once=False)
    scene.said(POST)
    scene.server.lose("gone")
    scene.asked[0].answer()
    assert scene.asked[0].events == ["ended", "gone"]
