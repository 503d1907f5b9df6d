# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long a stream is waited for at the end."""

import pytest

from pipecat_sagemaker_deepgram.client.session.closing import LEAST_PATIENCE, Closing
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity


def _stream(phase: StreamPhase, *, ready_at: float = 0.0) -> StreamState:
    stream = StreamState(1, 0, StreamProtocol(replays=True), now=0.0, rotate_at=None)
    stream.opened(StreamIdentity(), ready_at)
    stream.ready(ready_at)
    stream.phase = phase
    return stream


@pytest.mark.parametrize(
    ("timeout", "stall_timeout", "patience"),
    [
        (5.0, 5.0, 2.5),
        (60.0, 5.0, 5.0),
        (5.0, 2.0, 2.0),
        (1.5, 5.0, LEAST_PATIENCE),
        (0.0, 5.0, LEAST_PATIENCE),
    ],
)
def test_half_of_the_time_is_for_the_stream_that_is_there(
    timeout: float, stall_timeout: float, patience: float
) -> None:
    closing = Closing(10.0, 10.0 + timeout)
    for phase in (StreamPhase.READY, StreamPhase.FINISHING):
        at = closing.stalled_at(_stream(phase), stall_timeout=stall_timeout)
        assert at == 10.0 + patience


def test_a_message_and_a_new_stream_begin_the_time_anew() -> None:
    closing = Closing(10.0, 15.0)
    stream = _stream(StreamPhase.FINISHING)
    stream.received(11.0)
    assert closing.stalled_at(stream, stall_timeout=5.0) == 13.5
    fresh = _stream(StreamPhase.READY, ready_at=12.0)
    assert closing.stalled_at(fresh, stall_timeout=5.0) == 14.5


@pytest.mark.parametrize("phase", [StreamPhase.OPENING, StreamPhase.STARTING])
def test_a_stream_that_is_not_up_has_limits_of_its_own(phase: StreamPhase) -> None:
    assert Closing(10.0, 15.0).stalled_at(_stream(phase), stall_timeout=5.0) is None


def test_where_no_stream_counts_as_stalled_none_does_at_the_end() -> None:
    stream = _stream(StreamPhase.FINISHING)
    assert Closing(10.0, 15.0).stalled_at(stream, stall_timeout=None) is None
