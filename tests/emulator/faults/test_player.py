# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Which actions are due on one stream, in virtual time."""

import pytest

from pipecat_sagemaker_deepgram.emulator import FaultScript, parse_fault
from pipecat_sagemaker_deepgram.emulator.faults.player import FaultPlayer, handshake_action
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action


def script(*lines: str) -> FaultScript:
    return FaultScript(parse_fault(line) for line in lines)


class Player(FaultPlayer):
    """A player of stream 1 whose actions come out as text."""

    def __init__(self, *lines: str) -> None:
        self.script = script(*lines)
        super().__init__(self.script, 1)

    def due_text(self, now: float) -> list[str]:
        return [describe_action(action) for action in self.due(now)]


def test_only_faults_of_the_stream_are_played():
    player = Player("end,streams=2", "drop,streams=1-3", "silence,streams=every")
    player.opened(10.0)
    assert player.due_text(10.0) == ["drop", "silence"]


def test_seconds_count_from_the_opening():
    player = Player("end@seconds=5", "drop@seconds=7")
    assert player.get_timer() is None
    assert player.due_text(1000.0) == []
    player.opened(100.0)
    assert player.get_timer() == 105.0
    assert player.due_text(104.9) == []
    assert player.due_text(105.0) == ["end"]
    assert player.get_timer() == 107.0
    assert player.due_text(200.0) == ["drop"]
    assert player.get_timer() is None
    assert not player.is_waiting


@pytest.mark.parametrize("sizes", [[100], [40, 60], [1000]])
def test_bytes_are_added_up(sizes: list[int]):
    player = Player("end@bytes=100")
    player.opened(0.0)
    for size in sizes:
        assert player.due_text(0.0) == []
        player.audio_received(size)
    assert player.due_text(0.0) == ["end"]


def test_events_are_counted():
    player = Player("end@events=2")
    player.opened(0.0)
    player.event_sent()
    assert player.due_text(0.0) == []
    player.event_sent()
    assert player.due_text(0.0) == ["end"]
    player.event_sent()
    assert player.due_text(0.0) == []


def test_controls_are_told_apart():
    player = Player("end@control=Finalize")
    player.opened(0.0)
    assert player.watches_controls
    assert player.control_received("KeepAlive") == []
    assert len(player.control_received("Finalize")) == 1
    assert player.control_received("Finalize") == []
    assert not player.watches_controls


def test_actions_at_connect_come_in_order_and_without_those_before_tls():
    player = Player("late=3", "refuse-connection", "refuse=503", "drop")
    actions = [describe_action(action) for action in player.connect_actions()]
    assert actions == ["late=3", "refuse=503"]
    assert player.retry_after is None


def test_what_a_refusal_says_of_the_time_is_no_action_of_its_own():
    player = Player("refuse=429", "retry-after=40")
    assert [describe_action(action) for action in player.connect_actions()] == ["refuse=429"]
    assert player.retry_after == 40


def test_what_happens_before_tls_is_asked_for_by_number():
    faults = script("late=1,streams=2", "stall-tls,streams=2")
    assert handshake_action(faults, 1) is None
    found = handshake_action(faults, 2)
    assert found is not None
    assert describe_action(found) == "stall-tls"


def test_a_changed_script_plays_what_is_new_and_forgets_what_is_gone():
    player = Player("end@bytes=10", "drop@bytes=20")
    player.opened(0.0)
    player.audio_received(10)
    assert player.due_text(0.0) == ["end"]
    player.script.add(parse_fault("silence@bytes=5"))
    player.script_changed()
    assert player.due_text(0.0) == ["silence"]
    player.script.clear()
    player.script_changed()
    player.audio_received(100)
    assert player.due_text(0.0) == []
