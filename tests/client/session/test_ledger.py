# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The audio ledger: cursors, caps, and controls in their places."""

import pytest

from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger, AudioRun, Control

PLENTY = 10_000


def audio(first: int, count: int) -> bytes:
    """Audio whose every byte says where it belongs."""
    return bytes((position * 7 + position // 256) % 256 for position in range(first, first + count))


def make(
    *, frame_size: int = 2, max_replay_bytes: int = PLENTY, max_unsent_bytes: int = PLENTY
) -> AudioLedger:
    return AudioLedger(
        frame_size=frame_size, max_replay_bytes=max_replay_bytes, max_unsent_bytes=max_unsent_bytes
    )


def give(ledger: AudioLedger, count: int) -> int:
    return ledger.append(audio(ledger.appended, count))


def take_all(ledger: AudioLedger, maximum: int = PLENTY) -> list[AudioRun | Control]:
    taken = []
    while (item := ledger.take(maximum=maximum)) is not None:
        taken.append(item)
    return taken


def control(text: str, kind: str = "") -> Control:
    return Control(payload=text.encode(), kind=kind)


# Cursors


def test_a_new_ledger_holds_nothing() -> None:
    ledger = make()
    assert (ledger.acknowledged, ledger.sent, ledger.appended) == (0, 0, 0)
    assert ledger.is_spent
    assert ledger.take(maximum=PLENTY) is None


def test_audio_is_taken_once_in_the_order_it_was_given() -> None:
    ledger = make()
    give(ledger, 6)
    give(ledger, 4)
    assert ledger.take(maximum=8) == AudioRun(0, audio(0, 8))
    assert ledger.take(maximum=8) == AudioRun(8, audio(8, 2))
    assert ledger.take(maximum=8) is None
    assert (ledger.acknowledged, ledger.sent, ledger.appended) == (0, 10, 10)


def test_acknowledged_audio_is_let_go() -> None:
    ledger = make()
    give(ledger, 10)
    take_all(ledger)
    assert ledger.acknowledge(6) == 6
    assert ledger.acknowledged == 6
    assert ledger.kept_bytes == 4
    assert ledger.kept(0, 10) == audio(6, 4)


def test_what_was_not_sent_cannot_be_acknowledged() -> None:
    ledger = make()
    give(ledger, 10)
    ledger.take(maximum=4)
    assert ledger.acknowledge(10) == 4
    assert ledger.acknowledged == 4


def test_an_acknowledgement_never_goes_back() -> None:
    ledger = make()
    give(ledger, 10)
    take_all(ledger)
    ledger.acknowledge(8)
    assert ledger.acknowledge(4) == 0
    assert ledger.acknowledged == 8


def test_an_acknowledgement_inside_a_frame_keeps_the_whole_frame() -> None:
    ledger = make(frame_size=4)
    give(ledger, 12)
    take_all(ledger)
    assert ledger.acknowledge(7) == 4
    assert ledger.kept(0, 12) == audio(4, 8)


def test_least_bytes_are_waited_for() -> None:
    ledger = make()
    give(ledger, 4)
    assert ledger.take(maximum=PLENTY, minimum=6) is None
    give(ledger, 2)
    assert ledger.take(maximum=PLENTY, minimum=6) == AudioRun(0, audio(0, 6))


def test_a_control_flushes_the_least_bytes() -> None:
    ledger = make()
    give(ledger, 4)
    ledger.add_control(control("a"))
    assert ledger.take(maximum=PLENTY, minimum=6) == AudioRun(0, audio(0, 4))
    assert ledger.take(maximum=PLENTY, minimum=6) == control("a")


# Whole frames


def test_audio_is_cut_between_frames_only() -> None:
    ledger = make(frame_size=4)
    give(ledger, 11)
    assert ledger.take(maximum=7) == AudioRun(0, audio(0, 4))
    assert ledger.take(maximum=7) == AudioRun(4, audio(4, 4))
    assert ledger.take(maximum=7) is None
    give(ledger, 1)
    assert ledger.take(maximum=7) == AudioRun(8, audio(8, 4))


def test_the_beginning_of_a_frame_keeps_nobody_waiting() -> None:
    ledger = make()
    give(ledger, 3)
    assert take_all(ledger) == [AudioRun(0, audio(0, 2))]
    assert ledger.unsent_bytes == 0
    assert ledger.is_spent


def test_a_control_inside_a_frame_goes_before_that_frame() -> None:
    ledger = make()
    give(ledger, 3)
    ledger.add_control(control("a"))
    give(ledger, 3)
    assert take_all(ledger) == [AudioRun(0, audio(0, 2)), control("a"), AudioRun(2, audio(2, 4))]


def test_audio_after_a_drop_still_begins_with_a_whole_frame() -> None:
    ledger = make()
    give(ledger, 3)
    take_all(ledger)
    ledger.rewind()
    assert ledger.drop_oldest(3) == 2
    give(ledger, 1)
    assert take_all(ledger) == [AudioRun(2, audio(2, 2))]


def test_a_frame_that_was_cleared_away_is_not_completed_by_later_audio() -> None:
    ledger = make(frame_size=4)
    give(ledger, 6)
    assert ledger.clear() == 4
    assert ledger.appended == 8
    give(ledger, 4)
    assert take_all(ledger) == [AudioRun(8, audio(8, 4))]


# Losing a stream


def test_a_rewind_gives_again_what_was_not_acknowledged() -> None:
    ledger = make()
    give(ledger, 10)
    ledger.take(maximum=8)
    ledger.acknowledge(2)
    assert ledger.rewind() == 6
    assert ledger.sent == 2
    assert take_all(ledger) == [AudioRun(2, audio(2, 8))]


def test_a_rewind_with_nothing_sent_changes_nothing() -> None:
    ledger = make()
    give(ledger, 10)
    assert ledger.rewind() == 0
    assert take_all(ledger) == [AudioRun(0, audio(0, 10))]


def test_the_oldest_audio_goes_in_whole_frames() -> None:
    ledger = make()
    give(ledger, 10)
    take_all(ledger)
    ledger.rewind()
    assert ledger.drop_oldest(5) == 6
    assert ledger.dropped_bytes == 6
    assert take_all(ledger) == [AudioRun(6, audio(6, 4))]


def test_clearing_counts_what_was_never_answered_and_forgets_controls() -> None:
    ledger = make()
    give(ledger, 10)
    ledger.take(maximum=6)
    ledger.acknowledge(4)
    ledger.add_control(control("a"))
    assert ledger.clear() == 6
    assert ledger.dropped_bytes == 6
    assert (ledger.acknowledged, ledger.sent, ledger.appended) == (10, 10, 10)
    assert ledger.is_spent
    assert ledger.clear() == 0


def test_clearing_after_a_drop_counts_nothing_twice() -> None:
    ledger = make(max_unsent_bytes=6)
    give(ledger, 10)
    assert ledger.clear() == 6
    assert ledger.dropped_bytes == 10


# Caps


def test_unsent_audio_beyond_its_cap_goes_oldest_first() -> None:
    ledger = make(max_unsent_bytes=6)
    assert give(ledger, 6) == 0
    assert give(ledger, 3) == 2
    assert ledger.dropped_bytes == 2
    assert take_all(ledger) == [AudioRun(2, audio(2, 6))]


def test_audio_before_a_gap_is_not_replayed() -> None:
    """A replay across a gap would join words that were apart."""
    ledger = make(max_unsent_bytes=6)
    give(ledger, 4)
    take_all(ledger)
    give(ledger, 10)
    assert ledger.dropped_bytes == 4 + 4
    assert ledger.rewind() == 0
    assert take_all(ledger) == [AudioRun(8, audio(8, 6))]


def test_sent_audio_beyond_its_cap_goes_oldest_first_and_is_counted() -> None:
    ledger = make(max_replay_bytes=6)
    give(ledger, 10)
    take_all(ledger, maximum=4)
    assert ledger.dropped_bytes == 0
    assert ledger.rewind() == 6
    assert ledger.dropped_bytes == 4
    assert take_all(ledger) == [AudioRun(4, audio(4, 6))]


def test_sent_audio_beyond_its_cap_that_is_answered_all_the_same_is_no_loss() -> None:
    ledger = make(max_replay_bytes=6)
    give(ledger, 10)
    take_all(ledger, maximum=4)
    ledger.acknowledge(10)
    ledger.rewind()
    assert ledger.dropped_bytes == 0


def test_without_a_replay_sent_audio_is_gone_and_counts_as_no_loss() -> None:
    ledger = make(max_replay_bytes=0)
    give(ledger, 10)
    ledger.take(maximum=4)
    assert ledger.rewind() == 0
    assert ledger.dropped_bytes == 0
    assert take_all(ledger) == [AudioRun(4, audio(4, 6))]


def test_audio_given_before_there_is_a_stream_survives_without_a_replay_too() -> None:
    ledger = make(max_replay_bytes=0)
    give(ledger, 10)
    ledger.rewind()
    assert take_all(ledger) == [AudioRun(0, audio(0, 10))]


def test_a_cap_below_a_frame_never_counts_audio_that_was_not_given() -> None:
    ledger = make(frame_size=4, max_unsent_bytes=0)
    give(ledger, 3)
    assert ledger.appended == 3
    give(ledger, 1)
    assert ledger.appended == 4
    assert ledger.dropped_bytes == 4


# Controls


def test_audio_is_never_merged_across_a_control() -> None:
    ledger = make()
    give(ledger, 4)
    ledger.add_control(control("a"))
    ledger.add_control(control("b"))
    give(ledger, 4)
    assert take_all(ledger) == [
        AudioRun(0, audio(0, 4)),
        control("a"),
        control("b"),
        AudioRun(4, audio(4, 4)),
    ]


def test_controls_of_a_kind_can_be_forgotten() -> None:
    ledger = make()
    give(ledger, 2)
    for text, kind in (("a", "Finalize"), ("b", "other"), ("c", "Finalize")):
        ledger.add_control(control(text, kind=kind))
    assert take_all(ledger)[:2] == [AudioRun(0, audio(0, 2)), control("a", kind="Finalize")]
    ledger.rewind()
    ledger.forget_controls("Finalize")
    assert take_all(ledger) == [AudioRun(0, audio(0, 2)), control("b", kind="other")]


def test_a_control_is_outstanding_until_the_audio_before_it_is_answered() -> None:
    ledger = make()
    give(ledger, 4)
    ledger.add_control(control("finalize", kind="Finalize"))
    assert not ledger.has_outstanding_controls
    assert not ledger.is_spent
    take_all(ledger)
    assert ledger.has_outstanding_controls
    assert ledger.is_spent
    ledger.acknowledge(2)
    assert ledger.has_outstanding_controls
    ledger.acknowledge(4)
    assert not ledger.has_outstanding_controls


def test_a_control_behind_answered_audio_is_answered_without_an_advance() -> None:
    ledger = make()
    give(ledger, 4)
    take_all(ledger)
    ledger.acknowledge(4)
    ledger.add_control(control("finalize", kind="Finalize"))
    take_all(ledger)
    assert ledger.has_outstanding_controls
    assert ledger.acknowledge(4) == 0
    assert not ledger.has_outstanding_controls


def test_of_the_controls_sent_the_latest_of_each_kind_is_sent_again_in_its_place() -> None:
    ledger = make()
    for first, second in (("f1", "c1"), ("f2", "c2")):
        give(ledger, 4)
        ledger.add_control(control(first, kind="Finalize"))
        ledger.add_control(control(second, kind="Configure"))
    ledger.add_control(control("once"))
    give(ledger, 2)
    take_all(ledger)
    ledger.rewind()
    assert take_all(ledger) == [
        AudioRun(0, audio(0, 8)),
        control("f2", kind="Finalize"),
        control("c2", kind="Configure"),
        AudioRun(8, audio(8, 2)),
    ]


def test_a_control_not_sent_yet_replaces_an_earlier_one_of_its_kind_in_a_replay() -> None:
    ledger = make()
    give(ledger, 4)
    ledger.add_control(control("f1", kind="Finalize"))
    take_all(ledger)
    give(ledger, 4)
    ledger.add_control(control("f2", kind="Finalize"))
    ledger.rewind()
    assert take_all(ledger) == [AudioRun(0, audio(0, 8)), control("f2", kind="Finalize")]


def test_controls_not_sent_yet_all_are_sent() -> None:
    ledger = make()
    for text in ("f1", "f2"):
        ledger.add_control(control(text, kind="Finalize"))
    ledger.rewind()
    assert take_all(ledger) == [control("f1", kind="Finalize"), control("f2", kind="Finalize")]


def test_a_control_whose_audio_was_answered_is_not_sent_again() -> None:
    ledger = make()
    give(ledger, 4)
    take_all(ledger)
    ledger.acknowledge(4)
    ledger.add_control(control("finalize", kind="Finalize"))
    take_all(ledger)
    ledger.rewind()
    assert take_all(ledger) == []


def test_a_control_of_no_kind_is_never_sent_again() -> None:
    ledger = make()
    give(ledger, 4)
    ledger.add_control(control("once"))
    take_all(ledger)
    ledger.rewind()
    assert take_all(ledger) == [AudioRun(0, audio(0, 4))]


def test_a_control_survives_the_loss_of_the_audio_before_it() -> None:
    ledger = make(max_unsent_bytes=4)
    give(ledger, 4)
    ledger.add_control(control("a"))
    give(ledger, 4)
    assert take_all(ledger) == [control("a"), AudioRun(4, audio(4, 4))]


@pytest.mark.parametrize("frame_size", [1, 2, 4])
def test_kept_audio_is_given_as_far_as_it_is_kept(frame_size: int) -> None:
    ledger = make(frame_size=frame_size)
    give(ledger, 16)
    take_all(ledger)
    ledger.acknowledge(8)
    assert ledger.kept(4, 12) == audio(8, 4)
    assert ledger.kept(0, 8) == b""
    assert ledger.kept(12, 100) == audio(12, 4)
