# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The ping rule, in virtual time."""

from pipecat_sagemaker_deepgram.transport.liveness import Liveness


def test_a_quiet_peer_is_pinged_and_given_up_when_it_stays_quiet() -> None:
    liveness = Liveness(now=100, interval=15, timeout=10)
    assert liveness.get_timer() == 115
    assert liveness.handle_timer(114.9) is None
    assert liveness.handle_timer(115) == "ping"
    assert liveness.get_timer() == 125
    assert liveness.handle_timer(124.9) is None
    assert liveness.handle_timer(125) == "lost"


def test_any_byte_answers_a_ping_and_starts_the_wait_anew() -> None:
    liveness = Liveness(now=0, interval=15, timeout=10)
    assert liveness.handle_timer(15) == "ping"
    liveness.received(20)
    assert liveness.get_timer() == 35
    assert liveness.handle_timer(25) is None
    assert liveness.handle_timer(35) == "ping"


def test_a_peer_that_talks_is_never_pinged() -> None:
    liveness = Liveness(now=0, interval=15, timeout=10)
    for now in range(1, 100):
        liveness.received(now)
        assert liveness.handle_timer(now) is None
