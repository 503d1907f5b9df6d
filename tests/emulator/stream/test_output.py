# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What faults do to output, event by event."""

import json

import pytest

from pipecat_sagemaker_deepgram.emulator.faults.actions import (
    CorruptChecksum,
    CutEvent,
    FragmentOutput,
    InjectBig,
    InjectMalformed,
    Silence,
)
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    MalformedEventError,
    decode_message,
)
from pipecat_sagemaker_deepgram.emulator.stream.output import (
    DelayLine,
    OutputShaper,
    big_part,
    malformed_part,
)
from pipecat_sagemaker_deepgram.emulator.stream.parts import Part, encode_part

PART = Part(b"hello", is_text=True)


def test_without_faults_a_part_is_one_event():
    assert list(OutputShaper().events(PART)) == [encode_part(PART)]


def test_one_checksum_is_damaged_and_no_other():
    shaper = OutputShaper()
    shaper.alter(CorruptChecksum())
    (first,) = shaper.events(PART)
    (second,) = shaper.events(PART)
    with pytest.raises(MalformedEventError, match="message checksum"):
        decode_message(first)
    assert second == encode_part(PART)


def test_a_cut_event_is_half_and_says_how_it_was_cut():
    shaper = OutputShaper()
    shaper.alter(CutEvent("drop"))
    assert shaper.was_cut is None
    (half,) = shaper.events(PART)
    assert half == encode_part(PART)[: len(encode_part(PART)) // 2]
    assert shaper.was_cut == CutEvent("drop")


def test_fragments_are_events_of_their_own():
    shaper = OutputShaper()
    shaper.alter(FragmentOutput(2))
    events = [decode_message(event) for event in shaper.events(PART)]
    assert [event.payload for event in events] == [b"he", b"ll", b"o"]
    states = [event.headers["CompletionState"] for event in events]
    assert states == ["PARTIAL", "PARTIAL", "COMPLETE"]


def test_silence_is_noted():
    shaper = OutputShaper()
    shaper.alter(Silence())
    assert shaper.silent


def test_delayed_output_comes_in_order_and_in_time():
    line = DelayLine()
    assert not line.is_active
    line.seconds = 2.0
    line.add(b"one", 10.0)
    line.add(b"two", 10.5)
    line.seconds = 0.0
    line.add(None, 12.1)
    assert line.is_active
    assert line.size == 6
    assert line.get_timer() == 12.0
    assert list(line.due(11.9)) == []
    assert list(line.due(12.0)) == [b"one"]
    assert list(line.due(13.0)) == [b"two", None]
    assert line.size == 0
    assert line.get_timer() is None
    assert not line.is_active


def test_output_after_the_delay_does_not_overtake():
    """A shorter delay later on cannot bring a later event out first."""
    line = DelayLine()
    line.seconds = 5.0
    line.add(b"one", 0.0)
    line.seconds = 1.0
    line.add(b"two", 1.0)
    assert list(line.due(3.0)) == []
    assert list(line.due(5.0)) == [b"one", b"two"]


def test_malformed_parts_are_no_messages():
    with pytest.raises(json.JSONDecodeError):
        json.loads(malformed_part(InjectMalformed("json")).payload)
    assert not malformed_part(InjectMalformed("binary")).is_text


@pytest.mark.parametrize("size", [34, 35, 1024 * 1024])
def test_big_parts_have_the_size_and_are_json(size: int):
    part = big_part(InjectBig(size))
    assert len(part.payload) == size
    assert json.loads(part.payload)["type"] == "Padding"
