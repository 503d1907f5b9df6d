# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the client is told of a container, and what it assumes when it is told nothing."""

from dataclasses import FrozenInstanceError

import pytest

from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol


def test_the_defaults_suit_a_container_that_says_nothing_of_audio() -> None:
    protocol = StreamProtocol()
    assert protocol.invocation_path == ""
    assert protocol.query() == ""
    assert protocol.encode is None
    assert not protocol.replays
    assert not protocol.waits_for_ready
    assert protocol.keepalive is None
    assert protocol.close_payload is None


@pytest.mark.parametrize("data", ["text", b"bytes"])
def test_the_default_reader_hands_every_message_on_and_reads_nothing_into_it(
    data: str | bytes,
) -> None:
    reading = StreamProtocol().new_reader()(data)
    assert reading == Reading(value=data)
    assert reading.is_delivered
    assert reading.is_idle
    assert reading.acknowledged_to is None
    assert not reading.is_ready
    assert not reading.is_last
    assert not reading.failure


def test_a_protocol_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        StreamProtocol().replays = True  # pyright: ignore[reportAttributeAccessIssue]
