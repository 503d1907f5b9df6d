# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Faults and scripts."""

import pytest

from pipecat_sagemaker_deepgram.emulator import (
    AfterBytes,
    AfterSeconds,
    AtConnect,
    DropConnection,
    EndStream,
    Fault,
    FaultScript,
    GoAway,
    NeverAnswer,
    from_stream,
)


def test_the_trigger_comes_from_the_action():
    assert Fault(NeverAnswer()).when == AtConnect()
    assert Fault(DropConnection()).when == AfterSeconds(0)
    assert Fault(GoAway()).when == AfterSeconds(0)
    assert Fault(GoAway(), when=AtConnect()).when == AtConnect()


def test_triggers_must_fit_the_action():
    with pytest.raises(ValueError, match="not at connect"):
        Fault(DropConnection(), when=AtConnect())
    with pytest.raises(ValueError, match="only happen at connect"):
        Fault(NeverAnswer(), when=AfterBytes(1))


@pytest.mark.parametrize("stream", [0, -1, range(0), "all"])
def test_streams_that_are_none_are_refused(stream: object):
    with pytest.raises(ValueError, match="streams are"):
        Fault(DropConnection(), stream=stream)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("stream", "numbers"),
    [(2, {2}), (range(2, 4), {2, 3}), (from_stream(3), {3, 4, 5}), ("every", {1, 2, 3, 4, 5})],
)
def test_streams_are_selected_by_number(stream: object, numbers: set[int]):
    fault = Fault(DropConnection(), stream=stream)  # pyright: ignore[reportArgumentType]
    assert {number for number in range(1, 6) if fault.applies_to(number)} == numbers


def test_current_and_next_are_settled_when_added():
    script = FaultScript()
    for number in (1, 2, 3):
        script.stream_opened(number)
    script.stream_closed(2)
    script.add(Fault(EndStream(), stream="current"), Fault(DropConnection(), stream="next"))
    script.stream_opened(4)
    assert [(fault.action, fault.stream) for fault in script.faults] == [
        (EndStream(), 1),
        (EndStream(), 3),
        (DropConnection(), 4),
    ]


def test_next_is_the_first_stream_before_any_has_come():
    script = FaultScript([Fault(EndStream(), stream="next")])
    assert script.faults[0].stream == 1


def test_entries_keep_their_numbers_when_others_go():
    script = FaultScript([Fault(EndStream())])
    (first,) = script.entries(1)
    script.clear()
    script.add(Fault(EndStream()))
    (second,) = script.entries(1)
    assert first != second


def test_listeners_hear_of_changes_until_they_leave():
    script = FaultScript()
    heard: list[int] = []
    leave = script.subscribe(lambda: heard.append(len(script.faults)))
    script.add(Fault(EndStream()))
    script.clear()
    leave()
    script.add(Fault(EndStream()))
    assert heard == [1, 0]
