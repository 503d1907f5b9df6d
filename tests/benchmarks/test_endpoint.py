# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from benchmarks.server.endpoint import Behaviour, Endpoint


def test_one_handshake_too_many_is_refused_until_another_is_over():
    endpoint = Endpoint(Behaviour(max_handshakes=2))
    assert [endpoint.admit() for _ in range(3)] == [True, True, False]
    endpoint.opened()
    assert endpoint.admit()
    assert (endpoint.seen.refused, endpoint.seen.peak_handshakes) == (1, 2)


def test_a_handshake_that_is_given_up_makes_room():
    endpoint = Endpoint(Behaviour(max_handshakes=1))
    assert endpoint.admit()
    endpoint.closed(was_open=False)
    assert endpoint.admit()


def test_streams_are_cut_after_so_much_audio_and_so_often_in_different_ways():
    endpoint = Endpoint(Behaviour(cut_after=1.0, cuts=2))
    assert endpoint.cut(0, "stream-1", 0.9) is None
    kinds = [endpoint.cut(0, f"stream-{number}", 1.0) for number in (1, 2, 3)]
    assert kinds == ["drop", "reset", None]
    assert [cut[:3] for cut in endpoint.seen.cuts] == [
        (0, "stream-1", "drop"),
        (0, "stream-2", "reset"),
    ]


def test_nothing_is_cut_unless_asked_for():
    assert Endpoint(Behaviour()).cut(0, "stream-1", 1e6) is None
